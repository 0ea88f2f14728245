// Which rules of html-validate the pages are held to: all of its recommended, accessibility and
// document presets. Each change of a rule says why.
module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:a11y", "html-validate:document"],
  rules: {
    // Own files come from the own origin, which could change the page as well as the file.
    "require-sri": ["error", { target: "crossorigin" }],
    // Checkboxes of one question share a name: that is how a form sends several answers.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
  },
};
