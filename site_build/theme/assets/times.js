// "Сега е отворено", from the table of minutes that the build made; and what has run out goes.
// Without this script the page shows plain hours, and the last day of each notice.
const ZONE = "Europe/Sofia";
const MINUTE = 60_000; // milliseconds
const written = document.documentElement.lang;
const language = written === "en" ? "en-GB" : written; // as the build: the day before the month

function formatted(minute, options) {
  return new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options }).format(minute * MINUTE);
}

function time(minute) {
  return formatted(minute, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function day(minute) {
  return formatted(minute, { weekday: "long", day: "numeric", month: "long" });
}

// Midnight is the end of the day that it closes, as 24:00.
function until(words, end, now) {
  const midnight = time(end) === "00:00";
  const last = midnight ? end - 1 : end;
  const hour = midnight ? "24:00" : time(end);
  const said = day(last) === day(now) ? words.open : words.openUntil.replace("{day}", day(last));
  return said.replace("{time}", hour);
}

function sentence(words, entries, now, known) {
  for (const [, first, sign, length] of entries) {
    const start = Number(first);
    const end = start + Number(length);
    if (end <= now) continue;
    if (start > now) {
      const said = sign === "+" ? words.next : words.nextAppointment;
      return said.replace("{day}", day(start)).replace("{time}", time(start));
    }
    if (sign === "~") return words.appointment;
    if (sign === "?") return words.appointmentDay;
    return end >= known ? words.always : until(words, end, now);
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
    const entries = [...table.matchAll(/(\d+)([+~?])(\d+)/g)];
    const from = Number(status.dataset.from);
    const end = Number(table.slice(table.lastIndexOf(" ") + 1));
    status.hidden = now < from || now >= end;
    const said = status.hidden ? "" : sentence(status.dataset, entries, now, end);
    if (status.textContent !== said) status.textContent = said;
  }
}

show();
setInterval(show, MINUTE / 2);
document.addEventListener("visibilitychange", show);
