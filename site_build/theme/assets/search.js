// The search page. All of it happens here: what is typed is not sent, kept or put in the address.
// `normalise`, `stem` and `keyOf` do what site_build/search/stems.py does; a test compares them.

const MARKS = /[\u0300-\u036f\u0640\u064b-\u0655'’ʼ]/g;
const LETTERS = { "ı": "i", "ى": "ي", "ة": "ه", "ґ": "г" };
const SHORTEST_STEM = 3;
const IN_TITLE = 3, IN_HEADING = 1.2, IN_TEXT = 1;
const WHOLE_HEADING = 3; // for a heading that has all the words and no others
const FROM_ANSWER = 12; // for each word of an answer: a little more than a title gives
// How sure a reading of a word is. What is above LIKELY leads to an answer's pages; a slip in a
// word of danger shows the help lines too; only what was written so opens the answer itself.
const WRITTEN = 1, SLIP = 0.7, SHORT_SLIP = 0.6, BEGINNING = 0.6, LIKELY = 0.5, RELATED = 0.2;
const STRAY = 3; // other words that may stand between the words of a phrase
const BOXES = 2; // above the pages, the help lines counted

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
  if (rules.apart.has(word)) return `=${word}`;
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
    index.rules.real = new Set(index.rules.real.split(" "));
    index.rules.apart = new Set(index.rules.apart);
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
    this.phrases = index.answers.flatMap((answer) => [answer.title, ...answer.words].map((words) => ({
      answer, keys: wordsOf(words).map((word) => this.key(word)),
      against: words.startsWith("-"), alone: words.endsWith("!") })));
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

  // Key → how sure it is that the word meant it. What can be read as written is nothing else; what
  // is another word of the language (`rules.real`) is no slip.
  meanings(word) {
    const { rules } = this.index, known = new Set(this.keys.values()), found = new Map();
    const take = (key, sure) => found.set(key, Math.max(sure, found.get(key) || 0));
    const tried = this.tried(word);
    for (const spelling of tried) {
      const key = keyOf(spelling, rules);
      if (known.has(key)) take(key, WRITTEN);
    }
    const forms = found.size ? [] : [...this.keys];
    const near = (fits, sure) => {
      if (found.size) return;
      for (const [form, key] of forms)
        if (tried.slice(0, 32).some((spelling) => fits(spelling, form))) take(key, sure);
    };
    near((typed, form) => typed.length > 2 && form.startsWith(typed), BEGINNING);
    if (!tried.some((spelling) => rules.real.has(stem(spelling, rules)) || rules.apart.has(spelling)))
      near((typed, form) => typed.length > 3 && oneApart(typed, form),
        word.length > 4 ? SLIP : SHORT_SLIP);
    near((typed, form) => typed.length > 6 && form.startsWith(typed.slice(0, 5)), RELATED);
    for (const [key, sure] of [...found])
      for (const group of this.same)
        if (group.includes(key)) for (const other of group) take(other, sure * LIKELY);
    return found;
  }

  tried(word) {
    return /[a-z]/.test(word) ? [word, ...spellings(word, this.index.rules.latin)] : [word];
  }

  // Whether a word says nothing of what is looked for; „sum“ is „съм“, while „sam“ is „сам“.
  tellsNothing(word) {
    const read = this.tried(word).find((spelling) => this.stop.has(spelling) || this.keys.has(spelling));
    return this.stop.has(read || word);
  }

  // {pages, answers, help, near}: pages best first, those of the centre `own` before other
  // centres'; `answers` are those to show, `help` is whether the help lines stand above them.
  search(query, own) {
    const { pages } = this.index;
    const all = wordsOf(query).map((word) => ({ word, meant: this.meanings(word) }));
    const telling = all.filter(({ word }) => !this.tellsNothing(word));
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
    const help = answers.some(({ answer, sure }) => answer.danger && sure >= SLIP);
    const opened = answers.filter(({ sure }) => sure === WRITTEN).map(({ answer }) => answer)
      .sort((a, b) => b.danger - a.danger).slice(0, BOXES - help);
    this.lift(found, answers, words);
    const [urgent] = opened.filter(({ danger, links }) => danger && links.length);
    const first = (one) => Boolean(urgent) && pages[one.page][0] === urgent.links[0][0].split("#")[0];
    const top = Math.max(0, ...[...found.values()].map((one) => one.score));
    const other = (one) => own && pages[one.page][2] && pages[one.page][2] !== own ? 1 : 0;
    return {
      answers: opened,
      help,
      near: words.some((word) => !Math.max(0, ...word.values()) || Math.max(...word.values()) < LIKELY),
      keys: new Set(words.flatMap((word) => [...word.keys()])),
      pages: [...found.values()]
        .filter((one) => one.score > top / 12)
        .sort((a, b) =>
          other(a) - other(b) || first(b) - first(a) || b.score - a.score || a.page - b.page),
    };
  }

  // The section that says most about the words, and how fully a heading of the page says them.
  section(page, words) {
    let heading = 0;
    const scores = this.headings[page].map((keys) => {
      const said = words.filter((word) => keys.some((key) => word.get(key) > LIKELY)).length;
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

  // Answers one of whose phrases stands among the words, the most fitting first: which is that of
  // the longest phrase, then that of the most words. „help!“ is a cry, and counts only if nothing
  // else is typed; beside „-паспорт“ a single word does not count, „изгубих“ is no child then.
  answers(words) {
    const best = new Map(), against = new Set(this.phrases
      .filter((one) => one.against && sureness(words, one.keys) > LIKELY).map(({ answer }) => answer));
    for (const { answer, keys, ...phrase } of this.phrases) {
      const sure = sureness(words, keys);
      if (sure <= LIKELY || phrase.against || (phrase.alone && words.length > keys.length)) continue;
      if (keys.length === 1 && against.has(answer)) continue;
      const one = best.get(answer) || { answer, keys: [], all: new Set(), sure: 0 };
      if (keys.length > one.keys.length) one.keys = keys;
      for (const key of keys) one.all.add(key);
      one.sure = Math.max(one.sure, sure);
      best.set(answer, one);
    }
    return [...best.values()].sort((a, b) => b.keys.length - a.keys.length || b.all.size - a.all.size);
  }

  lift(found, answers, words) {
    for (const { answer, keys, all } of answers) {
      const covered = words.filter((word) => [...all].some((key) => word.get(key) > LIKELY)).length;
      answer.links.forEach(([address], place) => {
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

// How sure it is that a phrase was meant: all its keys in a few words that stand together.
function sureness(words, keys) {
  const of = (part) => Math.min(...keys.map((key) => Math.max(...part.map((word) => word.get(key) || 0))));
  if (of(words) <= LIKELY) return 0;
  return Math.max(...words.map((_, i) => of(words.slice(i, i + keys.length + STRAY))));
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
  const [before, after] = words.call.split("{number}");
  const items = lines.map((line) => element("li", {}, before.replace("{when}", line.call_if),
    element("a", { href: `tel:${line.dialled}` }, line.number), after.replace("{when}", line.call_if)));
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
    const { answers, help, pages, near, keys } = searcher.search(field.value, location.hash.slice(1));
    if (help) found.append(helpBox(index));
    found.append(...answers.map((answer) => answerBox(answer)));
    if (pages.length)
      found.append(element("ol", { class: "found", "aria-label": words.results },
        ...pages.map((one) => resultItem(one, keys, searcher))));
    if ((near && !answers.length && !help) || !pages.length) found.append(answerBox(index.nothing, index.nothing.links));
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
  if (field.value) show(); // typed before this script was there
}

start(document.getElementById("search-box"));
