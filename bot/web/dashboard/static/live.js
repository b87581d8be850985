// Keeps the queue up to date, and the seconds since a picture was begun.
"use strict";

const card = document.querySelector("[data-live]");
const body = card.querySelector("tbody");
const note = card.querySelector(".empty");

function cell(content, className) {
  const made = document.createElement("td");
  if (className) made.className = className;
  made.append(content);
  return made;
}

function row({ job, who, state, since }) {
  const made = document.createElement("tr");
  const link = document.createElement("a");
  link.href = job;
  link.textContent = who;
  const time = cell("", "number");
  if (since) time.dataset.since = since;
  made.append(cell(link), cell(state), time);
  return made;
}

function tick() {
  for (const time of body.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Number(time.dataset.since)) / 1000));
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

function show({ running, waiting, rows }) {
  const focused = body.contains(document.activeElement) ? document.activeElement.href : null;
  body.replaceChildren(...rows.map(row));
  if (focused) [...body.querySelectorAll("a")].find((link) => link.href === focused)?.focus();
  note.hidden = rows.length > 0;
  note.textContent = card.dataset.empty;
  document.querySelector("[data-running]").textContent = running;
  document.querySelector("[data-waiting]").textContent = waiting;
  tick();
}

const events = new EventSource(card.dataset.live);
events.addEventListener("message", (event) => show(JSON.parse(event.data)));
events.addEventListener("ended", () => {
  events.close();
  body.replaceChildren();
  note.hidden = false;
  note.textContent = card.dataset.ended;
});
addEventListener("pagehide", () => events.close());
setInterval(tick, 1000);
tick();
