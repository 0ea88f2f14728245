// The filters of the front page. What is chosen stands in the fragment of the address, which no
// browser sends to a server; nothing is stored.

const box = document.getElementById("directory");
const found = document.getElementById("centres-found");
const none = document.getElementById("no-centres");
const list = document.querySelector("main .cards");
const cards = [...list.children];
const selects = [...box.querySelectorAll("select")];
const names = new Map(selects.flatMap((select) =>
  [...select.options].map((option) => [option, option.text.replace(/ \(\d+\)$/, "")])));

const chosen = () => new Map(selects.map((select) => [select.name, select.value]));
const fits = (card, values) => [...values].every(([name, value]) =>
  !value || card.dataset[name].split(" ").includes(value));
const count = (values) => cards.filter((card) => fits(card, values)).length;

function show() {
  const values = chosen();
  for (const card of cards) card.hidden = !fits(card, values);
  for (const select of selects)
    for (const option of select.options) {
      const left = count(new Map(values).set(select.name, option.value));
      option.text = `${names.get(option)} (${left})`;
    }
  const left = count(values);
  found.textContent = found.dataset.words.replace("{found}", left).replace("{all}", cards.length);
  none.hidden = left > 0;
  list.hidden = left === 0; // an empty list would be read out as one
}

function keep() {
  const said = new URLSearchParams([...chosen()].filter(([, value]) => value)).toString();
  history.replaceState(null, "", said ? `#${said}` : location.pathname + location.search);
  show();
}

// Other fragments, as that of „Към съдържанието“, choose nothing and take nothing back.
function restore() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (!selects.some((select) => said.has(select.name))) return;
  for (const select of selects) {
    const value = said.get(select.name) || "";
    select.value = [...select.options].some((option) => option.value === value) ? value : "";
  }
  show();
}

for (const select of selects) select.addEventListener("change", keep);
document.getElementById("all-centres").addEventListener("click", () => {
  for (const select of selects) select.value = "";
  keep();
});
addEventListener("hashchange", restore);
box.hidden = false;
restore();
