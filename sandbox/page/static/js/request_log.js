/* The bot's REST requests as they happen, violations of Discord's rules marked. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const INVALID_BODY = 50035;
const SHOWN = 120;

/** Whether Discord would have refused it by its documented rules. */
const violates = (request) => request.violations.length > 0 || request.code === INVALID_BODY;

/** The log. */
export function requestLog() {
  const sum = h("p", { class: "log-sum", role: "status" });
  const list = h("ol", { class: "log-list" });
  const element = h("div", { class: "log" }, sum, list);

  function line(request) {
    const kind = violates(request) ? "violation" : request.status === 0 ? "lost" : request.status === 429 ? "limited" : request.status >= 400 ? "refused" : "fine";
    const path = request.path.replace(/\d{15,}/g, (id) => `…${id.slice(-4)}`);
    return h(
      "li",
      { class: `log-line ${kind}`, title: `${request.method} ${request.path}` },
      h("span", { class: "log-status" }, request.status || t("log-lost")),
      h("span", { class: "log-method" }, request.method),
      h("span", { class: "log-path" }, path),
      request.files.length ? h("span", { class: "log-more" }, request.files.join(", ")) : null,
      request.code ? h("span", { class: "log-more" }, String(request.code)) : null,
      request.violations.map((text) => h("span", { class: "log-more" }, text)),
    );
  }

  function summary() {
    const bad = store.requests.filter(violates).length;
    sum.textContent = !store.requests.length ? t("log-empty") : bad ? t("log-violations", { n: bad }) : t("log-clean");
    sum.className = bad ? "log-sum bad" : "log-sum";
  }

  function draw() {
    list.replaceChildren(...store.requests.slice(-SHOWN).reverse().map(line));
    summary();
  }

  store.on("request", (request) => {
    list.prepend(line(request));
    if (list.children.length > SHOWN) list.lastElementChild.remove();
    summary();
  });
  store.on("requests world", draw);
  return { element };
}
