/* The panel above the message box: commands, choices, people to mention. */

import { h } from "./dom.js";
import { Listbox } from "./listbox.js";

export class Suggestions {
  constructor() {
    this.list = new Listbox({ onpick: (item) => this.onpick?.(item), label: "" });
    this.title = h("div", { class: "suggestions-title" });
    this.note = h("div", { class: "suggestions-note", role: "status" });
    this.element = h("div", { class: "suggestions", hidden: true }, this.title, this.note, this.list.element);
    this.input = null;
    this.list.element.addEventListener("marked", () => this.describe());
  }

  get open() {
    return !this.element.hidden;
  }

  /** Offer items for the input that holds the focus. */
  show(input, { title, note = "", items = [], at = 0, onpick }) {
    this.adopt(input);
    this.onpick = onpick;
    this.title.replaceChildren(...[title].flat());
    this.note.textContent = note;
    this.note.hidden = !note;
    this.list.element.setAttribute("aria-label", this.title.textContent);
    this.list.show(items, at);
    this.element.hidden = false;
    this.describe();
  }

  hide() {
    this.element.hidden = true;
    this.adopt(null);
  }

  adopt(input) {
    if (this.input !== input) this.input?.removeAttribute("aria-activedescendant");
    this.input?.setAttribute("aria-expanded", "false");
    this.input = input;
  }

  describe() {
    if (!this.input) return;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.input.setAttribute("aria-controls", this.list.element.id);
    if (this.list.activeId) this.input.setAttribute("aria-activedescendant", this.list.activeId);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** Let a key walk the list; whether it was used. */
  key(event) {
    if (!this.open) return false;
    if (event.key === "Escape") {
      this.hide();
      event.preventDefault();
      return true;
    }
    return this.list.key(event, { tab: true });
  }
}
