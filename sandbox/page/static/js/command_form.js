/* A slash command being filled in: its options as pills, required ones first. */

import { OptionType } from "./commands.js";
import { h, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { OptionField } from "./option_field.js";
import { upload } from "./socket.js";
import { store } from "./store.js";

const DEBOUNCE_MS = 120;

export class CommandForm {
  /** `deeds`: send(entry, options), leave(), complain(text), ask(what, args). */
  constructor(entry, suggestions, deeds) {
    this.entry = entry;
    this.suggestions = suggestions;
    this.deeds = deeds;
    this.fields = [];
    this.asked = 0;
    this.row = h("span", { class: "option-fields" });
    this.more = h("button", { type: "button", class: "more-options", onclick: () => this.offerRest(), onfocus: () => this.offerRest(), onkeydown: (event) => this.key(event, null), role: "combobox", "aria-expanded": "false" });
    this.element = h("div", { class: "command-form", role: "group", "aria-label": `/${entry.label}` }, h("span", { class: "command-name" }, `/${entry.label}`), this.row, this.more, iconButton("close", t("leave-command"), () => deeds.leave(), { class: "icon-button leave" }), h("span", { id: "option-help", class: "visually-hidden" }));
    entry.options.filter((option) => option.required).forEach((option) => this.add(option));
    this.drawMore();
  }

  get rest() {
    return this.entry.options.filter((option) => !this.fields.some((field) => field.option === option));
  }

  add(option) {
    const field = new OptionField(option, this);
    this.fields.push(field);
    this.row.append(field.element);
    this.drawMore();
    return field;
  }

  remove(field) {
    const at = this.fields.indexOf(field);
    this.fields.splice(at, 1);
    field.element.remove();
    this.drawMore();
    (this.fields[at - 1] ?? this.fields[0] ?? { focus: () => this.more.focus() }).focus();
  }

  drawMore() {
    this.more.hidden = !this.rest.length && this.fields.length > 0;
    this.more.textContent = this.rest.length ? t("more-options", { n: this.rest.length }) : "↵";
    this.more.setAttribute("aria-label", this.rest.length ? `${t("options")}: ${this.more.textContent}` : t("send"));
  }

  focus() {
    const first = this.fields.find((field) => !field.filled) ?? this.fields[0];
    if (first) first.focus();
    else this.more.focus();
  }

  /** Put text into a text option, e.g. an example prompt. */
  preset(name, text) {
    const field = this.fields.find((one) => one.option.name === name) ?? this.fields.find((one) => one.option.type === OptionType.string);
    if (!field) return;
    field.input.value = text;
    field.typed(this);
  }

  /** Give dropped or pasted files to the next free attachment options; whether any fitted. */
  takeFiles(files) {
    let taken = false;
    for (const file of files) {
      const free = this.fields.find((field) => field.option.type === OptionType.attachment && !field.file) ?? this.nextAttachment();
      if (!free) break;
      free.take(file, this);
      taken = true;
    }
    return taken;
  }

  nextAttachment() {
    const option = this.rest.find((one) => one.type === OptionType.attachment);
    return option ? this.add(option) : null;
  }

  focused(field) {
    document.getElementById("option-help").textContent = field.detail;
    this.offer(field);
  }

  changed(field) {
    this.deeds.complain("");
    if (document.activeElement === field.input || field.file) this.offer(field);
  }

  offer(field) {
    const title = [h("strong", {}, field.label), ` ${field.detail}`];
    if (field.option.autocomplete) return this.complete(field, title);
    const items = field.choices();
    if (items) return this.suggestions.show(field.input, { title, items, onpick: (item) => this.picked(field, item) });
    return this.suggestions.show(field.input, { title, items: this.restItems(), at: -1, onpick: (item) => this.addAndFocus(item.option) });
  }

  restItems() {
    return this.rest.map((option) => {
      const probe = new OptionField(option, this);
      return { label: probe.label, detail: probe.detail, meta: t("optional"), option };
    });
  }

  offerRest() {
    this.suggestions.show(this.more, { title: h("strong", {}, `/${this.entry.label}`), note: this.entry.detail, items: this.restItems(), at: -1, onpick: (item) => this.addAndFocus(item.option) });
  }

  addAndFocus(option) {
    this.add(option).focus();
  }

  picked(field, item) {
    field.pick(item);
    const next = this.fields.find((one) => one.option.required && !one.filled);
    if (next) next.focus();
    else this.suggestions.hide();
  }

  /** Ask the bot for suggestions, a moment after the last key. */
  complete(field, title) {
    const asked = (this.asked += 1);
    if (!this.suggestions.open || this.suggestions.input !== field.input) this.suggestions.show(field.input, { title, note: t("loading"), onpick: () => {} });
    setTimeout(async () => {
      if (asked !== this.asked) return;
      const show = (note, items = []) => asked === this.asked && document.activeElement === field.input && this.suggestions.show(field.input, { title, note, items, onpick: (item) => this.picked(field, item) });
      try {
        const { choices } = await this.deeds.ask("autocomplete", { name: this.entry.name, focused: field.option.name, value: field.input.value, options: this.plainOptions(field) });
        show(choices.length ? "" : t("no-suggestions"), choices.map((one) => ({ label: one.name_localizations?.[store.world.me.locale] ?? one.name, value: one.value })));
      } catch {
        show(t("suggestions-failed"));
      }
    }, DEBOUNCE_MS);
  }

  plainOptions(except) {
    const filled = this.fields.filter((field) => field !== except && field.value !== undefined && !field.file);
    return Object.fromEntries(filled.map((field) => [field.option.name, field.value]));
  }

  key(event, field) {
    if (event.isComposing) return;
    if (this.suggestions.list.at >= 0 && event.key === "Enter" && this.suggestions.key(event)) return;
    if (event.key === "Escape") return event.preventDefault(), this.suggestions.open ? this.suggestions.hide() : this.deeds.leave();
    if (["ArrowDown", "ArrowUp"].includes(event.key) && this.suggestions.key(event)) return;
    if (event.key === "Tab" && !event.shiftKey && this.suggestions.list.at >= 0 && this.suggestions.key(event)) return;
    if (event.key === "Backspace" && !(field?.input.value)) return event.preventDefault(), this.back(field);
    if (event.key === "Enter" && !(field?.option.type === OptionType.attachment && !field.file)) {
      event.preventDefault();
      this.send();
    }
  }

  back(field) {
    if (field && !field.option.required) this.remove(field);
    else if (!field && this.fields.length) this.fields.at(-1).focus();
    else if (!field || field === this.fields[0]) this.deeds.leave();
  }

  async send() {
    for (const field of this.fields) {
      const problem = field.problem();
      if (!problem) continue;
      field.mark(false);
      field.focus();
      return this.deeds.complain(problem);
    }
    const options = this.plainOptions(null);
    const attached = this.fields.filter((field) => field.file);
    this.suggestions.hide();
    this.element.classList.add("sending");
    try {
      const ids = attached.length ? await upload(attached.map((field) => field.file)) : [];
      attached.forEach((field, index) => (options[field.option.name] = { upload: ids[index] }));
      await this.deeds.send(this.entry, options);
    } catch (error) {
      this.deeds.complain(error.message);
    } finally {
      this.element.classList.remove("sending");
    }
  }
}
