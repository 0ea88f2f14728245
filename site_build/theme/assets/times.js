// "Сега е отворено", from the table of minutes that the build made; and what has run out goes.
// Without this script the page shows plain hours, and the last day of each notice.
const ZONE = "Europe/Sofia";
const MINUTE = 60_000; // milliseconds
const language = document.documentElement.lang;

function formatted(minute, options) {
  return new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options }).format(minute * MINUTE);
}

function time(minute) {
  return formatted(minute, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function day(minute) {
  return formatted(minute, { weekday: "long", day: "numeric", month: "long" });
}

function sentence(words, entries, now) {
  for (const [, start, sign, length] of entries) {
    const end = Number(start) + Number(length);
    if (end <= now) continue;
    if (Number(start) > now) {
      return words.next.replace("{day}", day(start)).replace("{time}", time(start));
    }
    return sign === "~" ? words.appointment : words.open.replace("{time}", time(end));
  }
  return words.closed;
}

function show() {
  const now = Math.floor(Date.now() / MINUTE);
  for (const gone of document.querySelectorAll("[data-until]")) {
    if (now >= Number(gone.dataset.until)) gone.remove();
  }
  for (const status of document.querySelectorAll("[data-hours]")) {
    const table = status.dataset.hours;
    const entries = [...table.matchAll(/(\d+)([+~])(\d+)/g)];
    const from = Number(status.dataset.from);
    const end = Number(table.slice(table.lastIndexOf(" ") + 1));
    status.hidden = now < from || now >= end;
    const said = status.hidden ? "" : sentence(status.dataset, entries, now);
    if (status.textContent !== said) status.textContent = said;
  }
}

show();
setInterval(show, MINUTE / 2);
document.addEventListener("visibilitychange", show);
