/* Behind the scenes: stories to play, levers to pull, and the log of requests. */

import { fill, freshId, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { requestLog } from "./request_log.js";
import { store } from "./store.js";

const TABS = ["stories", "levers", "log"];
const LATENCIES = [null, 1, 5, 20, 60];
const GROUPS = ["bot", "image", "discord", "clock"];

/** The drawer; closed at first. `pull(lever, value)` moves something. */
export function drawer(pull) {
  let tab = "stories";
  let told = "";
  const panel = h("div", { class: "drawer-panel", role: "tabpanel", tabindex: "0", id: freshId("panel") });
  const tabs = h("div", { class: "drawer-tabs", role: "tablist", onkeydown: walk });
  const head = h("div", { class: "drawer-head" });
  const log = requestLog();
  const element = h("aside", { class: "drawer", id: "drawer", hidden: true }, head, tabs, panel);

  function draw() {
    if (!store.world || element.hidden) return;
    element.setAttribute("aria-label", t("backstage"));
    fill(head, icon("curtain"), h("h2", {}, t("backstage")), iconButton("close", t("close"), () => toggle(false)));
    fill(tabs, TABS.map((name) => h("button", { type: "button", role: "tab", class: "drawer-tab", "aria-selected": String(name === tab), tabindex: name === tab ? "0" : "-1", "aria-controls": panel.id, onclick: () => show(name) }, t(`tab-${name}`))));
    drawPanel();
  }

  function drawPanel() {
    const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.lever : null;
    const top = panel.scrollTop;
    fill(panel, { stories, levers, log: () => log.element }[tab]());
    panel.scrollTop = top;
    if (focused) panel.querySelector(`[data-lever="${focused}"]`)?.focus();
  }

  function show(name) {
    tab = name;
    told = "";
    draw();
    tabs.querySelector("[aria-selected=true]")?.focus();
  }

  function walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]);
  }

  async function move(lever, value, name) {
    try {
      await pull(lever, value);
      told = name ?? "";
    } catch (error) {
      told = error.message;
    }
    drawPanel();
  }

  function stories() {
    const known = store.backstage.stories;
    return [h("p", { class: "drawer-intro" }, t("stories-intro")), planned(), GROUPS.filter((group) => known[group].length).map((group) => h("section", {}, h("h3", {}, t(`group-${group}`)), known[group].map(story)))];
  }

  function planned() {
    const list = [...(store.backstage.ketchup?.planned ?? []), ...(store.backstage.capped ? [t("story-reach-limit")] : [])];
    if (!list.length && !store.backstage.waiting) return null;
    return h("div", { class: "planned", role: "status" }, store.backstage.waiting ? t("story-waiting") : t("planned", { list: list.join(", ") }), h("button", { type: "button", class: "link-button", "data-lever": "calm", onclick: () => move("calm") }, t("calm")));
  }

  function story(name) {
    const note = told === name ? h("span", { class: "story-told", role: "status" }, icon("check"), t("played")) : null;
    return h("div", { class: "story" }, h("div", { class: "story-head" }, h("h4", {}, t(`story-${name}`)), h("button", { type: "button", class: "button secondary small", "data-lever": name, "aria-label": `${t("play")}: ${t(`story-${name}`)}`, onclick: () => move("story", name, name) }, t("play"))), h("p", {}, t(`story-${name}-text`)), note);
  }

  function levers() {
    const { bot, ketchup, connected } = store.backstage;
    return [
      told ? h("div", { class: "composer-problem", role: "alert" }, told) : null,
      bot ? section("group-bot", fact(t(`bot-state-${bot.state}`), bot.state === "running" ? "good" : "bad"), row(lever("restart", t("restart")), lever("kill", t("kill"), undefined, "danger"), bot.state === "died" || bot.state === "stopped" ? lever("start", t("bot-start"), undefined, "primary") : null), bot.lines.length ? h("details", {}, h("summary", {}, t("bot-last-words")), h("pre", { class: "bot-lines", tabindex: "0" }, bot.lines.join("\n"))) : null) : null,
      ketchup ? imageLevers(ketchup) : null,
      section("group-discord", fact(t(connected ? "gateway-up" : "gateway-down"), connected ? "good" : "bad"), row(lever("drop", t("drop-gateway")))),
    ];
  }

  function imageLevers(ketchup) {
    const choice = h("select", { class: "plain-select", id: "latency", "data-lever": "latency", onchange: (event) => move("latency", event.target.value === "" ? null : Number(event.target.value)) }, LATENCIES.map((n) => h("option", { value: n ?? "", selected: ketchup.latency === n }, n === null ? t("latency-natural") : t("latency-seconds", { n }))));
    const toggle = h("input", { type: "checkbox", role: "switch", class: "switch", id: "callbacks", "data-lever": "callbacks", "aria-describedby": "callbacks-text", onchange: (event) => move("callbacks", event.target.checked) });
    toggle.checked = ketchup.callbacks;
    return section(
      "group-image",
      h("div", { class: "lever-row" }, h("label", { for: "latency" }, t("latency")), choice),
      h("div", { class: "lever-row" }, h("label", { for: "callbacks" }, t("callbacks"), h("small", { id: "callbacks-text" }, t("callbacks-text"))), toggle),
      h("div", { class: "lever-row" }, h("span", {}, t("charged")), h("output", { class: "charged" }, t("credits", { n: (ketchup.charged / 1e6).toFixed(1) }))),
      h("p", { class: "drawer-intro" }, t("running-tasks", { n: ketchup.running, all: ketchup.tasks })),
    );
  }

  const section = (name, ...inside) => h("section", {}, h("h3", {}, t(name)), inside);
  const row = (...inside) => h("div", { class: "lever-buttons" }, inside);
  const fact = (text, kind) => h("p", { class: `fact ${kind}` }, text);
  const lever = (name, text, value, style = "secondary") => h("button", { type: "button", class: `button ${style} small`, "data-lever": name, onclick: () => move(name, value) }, text);

  function toggle(open = element.hidden) {
    element.hidden = !open;
    if (open) store.tell("backstage-opened");
    draw();
    store.tell("drawer", open);
    if (open) tabs.querySelector("[aria-selected=true]")?.focus();
  }

  store.on("world", draw);
  store.on("backstage", () => !element.hidden && tab !== "log" && drawPanel());
  element.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  return { element, toggle };
}
