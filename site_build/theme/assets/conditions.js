// Questions that are asked only after some answers come and go while the reader answers, as
// `site_model/forms/conditions.py` decides. What is hidden is disabled, so its answer is not sent, but it
// is still there if the question comes back. Without this script all questions stay on the page.
const form = document.querySelector("form[method='post']");
const said = document.querySelector("#conditions-said");
const conditional = [...form.querySelectorAll("[data-show-if]")];

function chosen(name) {
  const all = form.querySelectorAll(`input[name="${name}"]:checked`);
  return [...all].map((control) => control.value);
}

function show(question, shown) {
  const changed = question.hidden === shown;
  question.hidden = !shown;
  // Each time: Firefox brings `disabled` back when it reloads a page.
  for (const control of question.querySelectorAll("input, textarea")) control.disabled = !shown;
  return changed;
}

function update() {
  const told = [];
  const notAsked = new Set();
  for (const question of conditional) {
    const { question: name, showIf, anyOf } = question.dataset;
    const asked =
      !notAsked.has(showIf) && chosen(showIf).some((answer) => anyOf.split(" ").includes(answer));
    if (!asked) notAsked.add(name);
    // The page says of this answer that it will not be sent: its words and its link stay true.
    if (show(question, asked || "leftOut" in question.dataset)) {
      const label = question.querySelector("legend, label").textContent;
      told.push(`${asked ? said.dataset.shown : said.dataset.hidden} ${label}`);
    }
  }
  return told;
}

form.addEventListener("change", () => {
  const told = update();
  if (told.length) said.textContent = told.join(" ");
});
window.addEventListener("pageshow", update);
update();
