// "Бързо излизане": covers the page at once and puts a neutral site in its place. Shift pressed
// three times within five seconds does the same. Without this script it is a plain link.
const link = document.querySelector(".exit");
const said = document.querySelector(".exit-said");
const title = document.title;
const WINDOW = 5000; // milliseconds from the first press to the third

// What was written goes with the reader, and is kept nowhere. A browser keeps pages as they were
// left, for "back"; it drops those that hear on a channel that the reader has left or that a letter
// was accepted, and opens them anew, empty. Until then they stay as they were: a letter that did
// not get through is not lost.
const channel = openChannel();
if (document.querySelector(".receipt")) channel?.postMessage("");
// The browser would keep the letter with the page that answered it, on the disk as well, to send
// it again.
history.replaceState(history.state, "");

let presses = 0;
let timer;
let combined = false; // Shift was held for another key, so letting it go is no press
let cover;

function say(words) {
  said.textContent = words;
}

function count(number) {
  presses = number;
  if (number) link.dataset.presses = number;
  else delete link.dataset.presses;
}

function start() {
  count(0);
  clearTimeout(timer);
  cover?.remove();
  cover = undefined;
  document.title = title;
  say("");
}

function leave() {
  clearTimeout(timer);
  if (!cover) {
    cover = document.createElement("div");
    cover.className = "exit-cover";
    cover.setAttribute("role", "alert");
    document.body.append(cover);
    cover.textContent = link.dataset.leaving;
    document.title = link.dataset.leaving;
  }
  document.querySelector("meta[name=referrer]").content = "no-referrer";
  channel?.postMessage("");
  location.replace(link.href);
}

function press() {
  count(presses + 1);
  if (presses === 3) return leave();
  say(presses === 1 ? link.dataset.twice : link.dataset.once);
  if (presses === 1) {
    timer = setTimeout(() => {
      count(0);
      say(link.dataset.expired);
    }, WINDOW);
  }
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
document.addEventListener("keyup", (event) => {
  if (event.key === "Shift" && !combined) press();
  else if (presses) start();
  combined = event.shiftKey;
});
// The page may come back as it was left, covered, from the browser's memory.
window.addEventListener("pageshow", start);
// A page that is kept for "back" keeps what was typed, and with this code an answer is read.
window.addEventListener("pagehide", () => {
  const code = document.getElementById("code");
  if (code) code.value = "";
});

function openChannel() {
  try {
    const opened = new BroadcastChannel("opora");
    opened.onmessage = () => {}; // a page on the screen, in another tab, stays as it is
    return opened;
  } catch {
    return undefined; // an old browser, or one that may store nothing
  }
}
