/* Selects of every kind, in messages and in modals. */

import { freshId, h, icon } from "./dom.js";
import { choicesOf, presetOf } from "./choices.js";
import { t } from "./i18n.js";
import { Listbox } from "./listbox.js";
import { closePopup, openPopup } from "./popup.js";

const SEARCH_FROM = 8;

/** A select for the component; `onchoose(values)` once a choice is made.
 * The element's `values` are the current ones. */
export function select(part, onchoose, props = {}) {
  const low = part.min_values ?? 1;
  const high = part.max_values ?? 1;
  const items = choicesOf(part);
  let chosen = presetOf(part);
  const face = h("span", { class: "select-face" });
  const trigger = h("button", { type: "button", class: "select", disabled: part.disabled, "aria-haspopup": "listbox", "aria-expanded": "false", "data-custom-id": part.custom_id, onclick: open, onkeydown: openByArrow, ...props }, face, icon("chevron"));
  draw();

  function draw() {
    const labels = items.filter((item) => chosen.includes(item.value)).map((item) => item.label);
    face.textContent = labels.join(", ") || part.placeholder || t("select-placeholder");
    face.classList.toggle("empty", !labels.length);
    trigger.values = chosen;
  }

  function openByArrow(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  }

  function open() {
    const before = chosen.join();
    const list = new Listbox({ onpick: pick, label: part.placeholder || t("select-placeholder"), multiple: high > 1 });
    const search = h("input", { type: "text", class: "select-search", role: "combobox", "aria-expanded": "true", "aria-controls": list.element.id, "aria-label": t("search"), placeholder: t("search"), oninput: refresh, onkeydown: key, id: freshId("search") });
    const clear = low === 0 && high === 1 ? h("button", { type: "button", class: "quiet-button", onclick: () => pick(null) }, t("clear-selection")) : null;
    const done = high > 1 ? h("div", { class: "select-foot" }, h("span", {}, t("select-range", { low, high: Math.min(high, items.length) })), h("button", { type: "button", class: "button primary", onclick: () => closePopup() }, t("select-done"))) : null;
    search.classList.toggle("visually-hidden", items.length < SEARCH_FROM);
    list.element.addEventListener("marked", () => search.setAttribute("aria-activedescendant", list.activeId ?? ""));
    trigger.setAttribute("aria-expanded", "true");
    refresh();
    openPopup(trigger, [search, list.element, clear, done], { width: Math.max(220, trigger.offsetWidth), onclose: closed });
    search.focus();

    function refresh() {
      const wanted = search.value.trim().toLowerCase();
      const at = Math.max(0, list.at);
      list.show(items.filter((item) => item.label.toLowerCase().includes(wanted)).map((item) => ({ ...item, chosen: chosen.includes(item.value), meta: chosen.includes(item.value) ? icon("check") : null })), at);
    }
    function key(event) {
      if (event.key === "Tab") closePopup();
      else list.key(event);
    }
    function pick(item) {
      if (high === 1) {
        chosen = item ? [item.value] : [];
        draw();
        closePopup();
        if (chosen.join() !== before || item) onchoose?.(chosen);
        return;
      }
      const has = chosen.includes(item.value);
      if (has) chosen = chosen.filter((value) => value !== item.value);
      else if (chosen.length < high) chosen = [...chosen, item.value];
      draw();
      refresh();
    }
    function closed() {
      trigger.setAttribute("aria-expanded", "false");
      if (high > 1 && chosen.join() !== before && chosen.length >= low) onchoose?.(chosen);
    }
  }
  return trigger;
}
