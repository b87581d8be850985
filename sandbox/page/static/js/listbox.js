/* A list of choices that arrow keys walk, whoever holds the focus. */

import { freshId, h } from "./dom.js";

/** Shows `items` ({label, detail, meta, lead, chosen}); `onpick(item)` when one is chosen. */
export class Listbox {
  constructor({ onpick, label, multiple = false }) {
    this.items = [];
    this.at = -1;
    this.onpick = onpick;
    this.element = h("div", { class: "listbox", role: "listbox", id: freshId("list"), "aria-label": label, "aria-multiselectable": multiple ? "true" : null });
  }

  /** `at` -1 marks none, so that Enter stays free. */
  show(items, at = 0) {
    this.items = items;
    this.at = items.length ? Math.min(at, items.length - 1) : -1;
    this.element.replaceChildren(...items.map((item, index) => this.row(item, index)));
    this.mark(false);
  }

  row(item, index) {
    return h(
      "div",
      {
        class: "option",
        role: "option",
        id: `${this.element.id}-${index}`,
        "aria-selected": item.chosen ? "true" : "false",
        onpointermove: () => this.at !== index && this.move(index - this.at),
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.onpick(item),
      },
      item.lead ? h("span", { class: "option-lead", "aria-hidden": "true" }, item.lead) : null,
      h("span", { class: "option-text" }, h("span", { class: "option-label" }, item.label), item.detail ? h("span", { class: "option-detail" }, item.detail) : null),
      item.meta ? h("span", { class: "option-meta" }, item.meta) : null,
    );
  }

  get active() {
    return this.items[this.at] ?? null;
  }

  /** The id of the marked row, for aria-activedescendant. */
  get activeId() {
    return this.at >= 0 ? `${this.element.id}-${this.at}` : null;
  }

  move(step) {
    if (!this.items.length) return;
    this.at = this.at < 0 ? (step > 0 ? 0 : this.items.length - 1) : (this.at + step + this.items.length) % this.items.length;
    this.mark(true);
  }

  mark(scroll) {
    [...this.element.children].forEach((row, index) => row.classList.toggle("active", index === this.at));
    if (scroll) this.element.children[this.at]?.scrollIntoView({ block: "nearest" });
    this.element.dispatchEvent(new CustomEvent("marked"));
  }

  /** Let a key walk or pick; whether it was one of ours. */
  key(event, { tab = false } = {}) {
    if (event.isComposing) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if ((event.key === "Enter" || (tab && event.key === "Tab" && !event.shiftKey)) && this.active) this.onpick(this.active);
    else return false;
    event.preventDefault();
    return true;
  }
}
