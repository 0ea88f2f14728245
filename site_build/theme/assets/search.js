// The search page. All of it happens here: what is typed is not sent, kept or put in the address.
// `normalise`, `stem` and `keyOf` do what site_build/lemmas.py does; a test compares them.

const MARKS = /[\u0300-\u036f\u0640\u064b-\u0655'’ʼ]/g;
const LETTERS = { "ı": "i", "ى": "ي", "ة": "ه", "ґ": "г" };
const SHORTEST_STEM = 3;
const IN_TITLE = 3, IN_HEADING = 1.2, IN_TEXT = 1;
const WHOLE_HEADING = 3; // for a heading that has all the words and no others
const FROM_ANSWER = 12; // for each word of an answer: a little more than a title gives

export const normalise = (text) =>
  text.toLowerCase().normalize("NFD").replace(MARKS, "").normalize("NFC")
    .replace(/[ıىةґ]/g, (letter) => LETTERS[letter]);

export const wordsOf = (text) => normalise(text).match(/[\p{L}\p{N}]+/gu) || [];

export function stem(word, rules) {
  const long = (part) => word.length - part.length >= SHORTEST_STEM;
  const prefix = rules.prefixes.find((part) => word.startsWith(part) && long(part));
  if (prefix) word = word.slice(prefix.length);
  const suffix = rules.suffixes.find((part) => word.endsWith(part) && long(part));
  return suffix ? word.slice(0, -suffix.length) : word;
}

export function keyOf(word, rules) {
  const cut = stem(word, rules);
  return rules.merge.get(cut) || cut;
}

// What a word in Latin letters may stand for, the likeliest first.
export function spellings(word, latin) {
  let made = [""];
  while (word) {
    const [from, to] = latin.find(([letters]) => word.startsWith(letters)) || [word[0], word[0]];
    made = to.split(" ").flatMap((part) => made.map((start) => start + part)).slice(0, 256);
    word = word.slice(from.length);
  }
  return made;
}

// One letter more, less or other, or two neighbours that changed places.
export function oneApart(a, b) {
  let start = 0, end = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const x = a.slice(start, a.length - end), y = b.slice(start, b.length - end);
  return Math.max(x.length, y.length) < 2 || (x.length === 2 && x === y[1] + y[0]);
}

class Searcher {
  constructor(index) {
    this.index = index;
    index.rules.merge = new Map(Object.entries(index.rules.merge));
    this.stop = new Set(index.rules.stop);
    this.keys = new Map(); // word → key, for every word that can be found
    this.places = new Map(); // key → page → section → weight
    index.pages.forEach(([, title, , sections], page) => {
      this.add(title, page, -1, IN_TEXT);
      sections.forEach(([, heading, texts], section) => {
        this.add(heading, page, section ? section : -1, section ? IN_HEADING : IN_TITLE);
        for (const text of texts) this.add(index.texts[text], page, section, IN_TEXT);
      });
    });
    this.phrases = index.answers.flatMap((answer) =>
      answer.words.map((words) => ({ answer, keys: wordsOf(words).map((word) => this.key(word)) })));
    this.headings = index.pages.map(([, , , sections]) => sections.map(([, heading]) =>
      wordsOf(heading).filter((word) => !this.stop.has(word)).map((word) => this.key(word))));
    this.same = index.same.map((group) => group.flatMap(wordsOf).map((word) => this.key(word)));
  }

  key(word) {
    if (!this.keys.has(word)) this.keys.set(word, keyOf(word, this.index.rules));
    return this.keys.get(word);
  }

  add(text, page, section, weight) {
    for (const word of wordsOf(text)) {
      const key = this.key(word);
      if (!this.places.has(key)) this.places.set(key, new Map());
      const pages = this.places.get(key);
      if (!pages.has(page)) pages.set(page, new Map());
      const found = pages.get(page);
      found.set(section, (found.get(section) || 0) + weight);
    }
  }

  // Key → how sure we are that the word meant it. Exact, then Latin letters, beginnings, slips.
  meanings(word) {
    const { rules } = this.index, known = new Set(this.keys.values()), found = new Map();
    const take = (key, sure) => found.set(key, Math.max(sure, found.get(key) || 0));
    const tried = /[a-z]/.test(word) ? [word, ...spellings(word, rules.latin)] : [word];
    for (const spelling of tried) {
      const key = keyOf(spelling, rules);
      if (known.has(key)) take(key, 1);
    }
    const forms = found.size ? [] : [...this.keys];
    const near = (fits, sure) => {
      if (found.size) return;
      for (const [form, key] of forms)
        if (tried.slice(0, 32).some((spelling) => fits(spelling, form, key))) take(key, sure);
    };
    near((typed, form) => typed.length > 2 && form.startsWith(typed), 0.7);
    near((typed, form) => typed.length > 3 && oneApart(typed, form), 0.7);
    near((typed, _, key) => typed.length > 4 && oneApart(stem(typed, rules), key), 0.6);
    near((typed, form) => typed.length > 4 && form.startsWith(typed.slice(0, -2).slice(0, 5)), 0.2);
    for (const [key, sure] of [...found])
      for (const group of this.same)
        if (group.includes(key)) for (const other of group) take(other, sure * 0.5);
    return found;
  }

  // {pages, answers, near}: pages best first, those of the centre `own` before other centres'.
  search(query, own) {
    const { pages } = this.index;
    const all = wordsOf(query).map((word) => ({ word, meant: this.meanings(word) }));
    const telling = all.filter(({ word }) => !this.stop.has(word));
    const words = (telling.length ? telling : all).map(({ meant }) => meant);
    const scores = new Map();
    for (const word of words) {
      const best = new Map();
      for (const [key, sure] of word) {
        const places = this.places.get(key) || new Map();
        const rare = Math.log(1 + pages.length / (places.size || 1));
        for (const [page, sections] of places) {
          let title = 0, rest = 0;
          for (const [section, weight] of sections)
            if (section < 0) title = weight; else rest += weight;
          const score = sure * rare * (title + rest / (rest + 1.5));
          if (score > (best.get(page) || 0)) best.set(page, score);
        }
      }
      for (const [page, score] of best) {
        const [sum, count] = scores.get(page) || [0, 0];
        scores.set(page, [sum + score, count + 1]);
      }
    }
    const found = new Map([...scores].map(([page, [sum, count]]) => {
      const { heading, section } = this.section(page, words);
      return [page, { score: (sum * (count + heading)) / words.length, page, section }];
    }));
    const answers = this.answers(all.map(({ meant }) => meant));
    this.lift(found, answers, words);
    const top = Math.max(0, ...[...found.values()].map((one) => one.score));
    const other = (one) => own && pages[one.page][2] && pages[one.page][2] !== own ? 1 : 0;
    return {
      answers: answers.map(([answer]) => answer),
      near: words.some((word) => !Math.max(0, ...word.values()) || Math.max(...word.values()) < 0.5),
      keys: new Set(words.flatMap((word) => [...word.keys()])),
      pages: [...found.values()]
        .filter((one) => one.score > top / 12)
        .sort((a, b) => other(a) - other(b) || b.score - a.score || a.page - b.page),
    };
  }

  // The section that says most about the words, and how fully a heading of the page says them.
  section(page, words) {
    let heading = 0;
    const scores = this.headings[page].map((keys) => {
      const said = words.filter((word) => keys.some((key) => word.get(key) > 0.5)).length;
      const whole = said === words.length ? (WHOLE_HEADING * said) / keys.length : 0;
      heading = Math.max(heading, whole);
      return whole;
    });
    for (const word of words)
      for (const [key, sure] of word)
        for (const [section, weight] of (this.places.get(key) || new Map()).get(page) || [])
          if (section >= 0) scores[section] += sure * weight;
    const best = Math.max(...scores);
    return { heading, section: best > 0 ? scores.indexOf(best) : 0 };
  }

  // Answers one of whose phrases has only words that were meant, the longest phrase first.
  answers(words) {
    const fits = ({ keys }) => keys.every((key) => words.some((word) => word.get(key) > 0.5));
    const best = new Map();
    for (const { answer, keys } of this.phrases.filter(fits))
      if (keys.length > (best.get(answer) || []).length) best.set(answer, keys);
    return [...best].sort((a, b) => b[1].length - a[1].length).slice(0, 3);
  }

  lift(found, answers, words) {
    for (const [{ links }, keys] of answers) {
      const covered = words.filter((word) => keys.some((key) => word.get(key) > 0.5)).length;
      links.forEach(([address], place) => {
        const [url, anchor] = address.split("#");
        const page = this.index.pages.findIndex((one) => one[0] === url);
        const one = found.get(page) || { score: 0, page, section: 0 };
        if (anchor)
          one.section = Math.max(0, this.index.pages[page][3].findIndex((s) => s[0] === anchor));
        one.score += FROM_ANSWER * (covered + keys.length / 5 - place / 10);
        found.set(page, one);
      });
    }
  }
}

function element(name, attributes, ...inner) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inner);
  return made;
}

// The text with the words that were meant marked, from shortly before the first of them.
function marked(text, keys, searcher) {
  const parts = text.split(/([\p{L}\p{N}]+)/u);
  const meant = (part) => part && wordsOf(part).some((word) => keys.has(searcher.key(word)));
  const first = Math.max(0, parts.findIndex(meant) - 16);
  return [first ? "… " : "", ...parts.slice(first, first + 60).map((part) =>
    (meant(part) ? element("mark", {}, part) : part)), parts.length > first + 60 ? " …" : ""];
}

function resultItem({ page, section }, keys, searcher) {
  const { index } = searcher, [url, title, , sections] = index.pages[page];
  const [anchor, heading, texts] = sections[section];
  const has = (text) => wordsOf(text).some((word) => keys.has(searcher.key(word)));
  const sentences = texts.map((text) => index.texts[text]);
  const shown = sentences.find(has) || sentences[0] || "";
  const item = element("li", {}, element("a", { href: anchor ? `${url}#${anchor}` : url }, title));
  if (anchor) item.append(element("p", { class: "found-heading" }, heading));
  item.append(element("p", {}, ...marked(shown, keys, searcher)));
  return item;
}

function helpBox({ lines, words }) {
  const items = lines.map((line) => element("li", {}, `${words.call} `,
    element("a", { href: `tel:${line.dialled}` }, line.number), `, ${words.if} ${line.call_if}.`));
  return element("section", { class: "care care-danger" },
    element("h2", {}, words.help), element("ul", {}, ...items));
}

function answerBox({ title, text }, links = []) {
  const list = links.map(([url, name]) => element("li", {}, element("a", { href: url }, name)));
  const box = element("section", { class: "care" }, element("h2", {}, title), element("p", {}, text));
  if (list.length) box.append(element("ul", {}, ...list));
  return box;
}

function start(box) {
  const field = box.querySelector("input"), found = document.getElementById("found");
  const status = document.getElementById("found-count");
  const everything = document.getElementById("site-index");
  let searcher, loading, announcing;

  const load = () => (loading = loading || fetch(box.dataset.index, { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then((index) => { searcher = new Searcher(index); show(); })
    .catch(() => { loading = null; status.textContent = box.dataset.failed; }));

  function show() {
    if (!searcher) return load();
    clearTimeout(announcing);
    found.textContent = "";
    everything.hidden = false;
    status.textContent = "";
    if (!wordsOf(field.value).length) return;
    const { index } = searcher, { words } = index;
    const { answers, pages, near, keys } = searcher.search(field.value, location.hash.slice(1));
    if (answers.some((answer) => answer.danger)) found.append(helpBox(index));
    found.append(...answers.map((answer) => answerBox(answer)));
    if (pages.length)
      found.append(element("ol", { class: "found", "aria-label": words.results },
        ...pages.map((one) => resultItem(one, keys, searcher))));
    if (near || !pages.length) found.append(answerBox(index.nothing, index.nothing.links));
    everything.hidden = !near && pages.length > 0;
    const said = pages.length ? `${near ? `${words.near} ` : ""}${words.found} ${pages.length}` : words.none;
    announcing = setTimeout(() => { status.textContent = said; }, 500);
  }

  box.hidden = false;
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; show(); }
    if (event.key === "Enter" && found.firstChild) found.focus(); // which also closes a phone's keys
  });
  addEventListener("hashchange", show);
  field.focus();
  // After our own focus: nothing is fetched for a reader who only wants the list below.
  for (const sign of ["focus", "pointerdown", "keydown"]) field.addEventListener(sign, load);
}

start(document.getElementById("search-box"));
