/* The first minutes: three steps, and where to go from there. */

import { fill, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const KEY = "sandbox-tour-closed";
const STEPS = [1, 2, 3, 4];
const IDEAS = ["idea-1", "idea-2", "idea-3"];

/** The card; it ticks what has been done and stays away once it was dismissed. */
export function onboarding(deeds) {
  const card = h("section", { class: "tour", hidden: true });
  const done = new Set();
  let open = 1;

  function draw() {
    card.hidden = localStorage.getItem(KEY) === "yes" || !store.world || !store.server || !offered();
    if (card.hidden) return;
    card.setAttribute("aria-label", t("tour-title"));
    fill(
      card,
      h("header", {}, h("h2", {}, t("tour-title")), h("ol", { class: "steps" }, STEPS.map(mark)), iconButton("close", t("dismiss"), close)),
      h("div", { class: "step" }, h("p", {}, t(`tour-${open}-text`)), BODIES[open]()),
    );
  }

  /** The tour is about the bot of this project: other bots have no `imagine`. */
  const offered = () => Object.values(store.world.commands).some((command) => command.name === "imagine");
  const mia = () => store.world.people.find((one) => one.name === "Mia" && one.id !== store.world.me.id);
  const bobs = () => [...store.messages.values()].flat().find((message) => message.author.username === "bob" && message.attachments.length);
  const idea = (text, onclick) => h("button", { type: "button", class: "idea", onclick }, text);

  const BODIES = {
    1: () => h("div", { class: "ideas" }, IDEAS.map((name) => idea(t(name), () => deeds.start("imagine", { prompt: t(name) })))),
    2: () => (bobs() ? idea(t("tour-show-picture"), () => store.tell("jump", { channelId: bobs().channel_id, messageId: bobs().id })) : null),
    3: () => (mia() ? idea(t("tour-become"), () => deeds.become(mia().id)) : idea(t("tour-usage"), () => deeds.start("usage overview"))),
    4: () => null,
  };

  function mark(n) {
    const face = done.has(n) ? icon("check") : n === 4 ? icon("link") : String(n);
    const show = () => {
      open = n;
      draw();
      card.querySelector("[aria-current]")?.focus();
    };
    return h("li", { class: done.has(n) ? "done" : "" }, h("button", { type: "button", class: "step-button", "aria-current": n === open ? "step" : null, onclick: show }, h("span", { class: "step-mark" }, face), h("span", { class: "step-title" }, t(`tour-${n}`))));
  }

  function close() {
    localStorage.setItem(KEY, "yes");
    draw();
  }

  function tick(n) {
    if (done.has(n)) return;
    done.add(n);
    open = STEPS.find((step) => !done.has(step));
    draw();
  }

  store.on("world channel", draw);
  store.on("interaction", ({ id }) => {
    const where = store.started.get(id);
    if (where?.command === "/imagine") tick(1);
    if (where?.menu) tick(2);
    if (where?.command?.startsWith("/usage")) tick(3);
  });
  return { element: card, reopen: () => (localStorage.removeItem(KEY), draw()) };
}
