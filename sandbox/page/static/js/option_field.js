/* One option of a command while it is being filled in. */

import { entities } from "./choices.js";
import { OptionType } from "./commands.js";
import { freshId, h, icon, iconButton } from "./dom.js";
import { localised, t } from "./i18n.js";
import { store } from "./store.js";

const FREE = [OptionType.string, OptionType.integer, OptionType.number];

export class OptionField {
  /** `owner` is told: changed, focused, key, remove. */
  constructor(option, owner) {
    this.option = option;
    this.value = undefined;
    this.file = null;
    this.label = localised(option, "name", store.world.me.locale);
    this.detail = localised(option, "description", store.world.me.locale);
    const id = freshId("option");
    this.input = option.type === OptionType.attachment ? this.picker(id, owner) : this.line(id, owner);
    this.element = h("span", { class: "option-field", "data-option": option.name }, h("label", { for: id }, this.label), this.input, option.required ? null : iconButton("close", t("remove-option", { name: this.label }), () => owner.remove(this), { tabindex: "-1" }));
  }

  line(id, owner) {
    return h("input", {
      id,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: this.option.type === OptionType.string ? "true" : "false",
      "aria-required": String(Boolean(this.option.required)),
      "aria-expanded": "false",
      "aria-describedby": "option-help",
      maxlength: this.option.max_length ?? 6000,
      oninput: () => this.typed(owner),
      onfocus: () => owner.focused(this),
      onkeydown: (event) => owner.key(event, this),
    });
  }

  picker(id, owner) {
    const chooser = h("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => chooser.files[0] && this.take(chooser.files[0], owner) });
    this.face = h("button", { type: "button", id, class: "file-pick", onclick: () => chooser.click(), onfocus: () => owner.focused(this), onkeydown: (event) => owner.key(event, this) }, icon("image"), t("choose-file"));
    this.face.append(chooser);
    chooser.addEventListener("click", (event) => event.stopPropagation());
    return this.face;
  }

  /** Take a file by picker, paste or drop. */
  take(file, owner) {
    this.file = file;
    const preview = file.type.startsWith("image/") ? h("img", { src: URL.createObjectURL(file), alt: "", width: 20, height: 20 }) : icon("file");
    this.face.replaceChildren(preview, file.name, this.face.lastElementChild);
    this.mark(true);
    owner.changed(this);
  }

  typed(owner) {
    this.value = this.read(this.input.value);
    this.mark(true);
    owner.changed(this);
  }

  /** Choose a suggestion. */
  pick(item) {
    this.input.value = item.label;
    this.value = item.value;
    this.mark(true);
  }

  /** The fixed choices that fit what was typed; null where there are none to choose from. */
  choices() {
    const all = this.all();
    if (!all) return null;
    const typed = this.input.value.trim().toLowerCase();
    if (this.value !== undefined && all.some((item) => item.label.toLowerCase() === typed)) return all;
    return all.filter((item) => item.label.toLowerCase().includes(typed));
  }

  all() {
    const { option } = this;
    const locale = store.world.me.locale;
    if (option.choices?.length) return option.choices.map((one) => ({ label: localised(one, "name", locale), value: one.value }));
    if (option.type === OptionType.boolean) return [{ label: t("true"), value: true }, { label: t("false"), value: false }];
    if (!FREE.includes(option.type) && option.type !== OptionType.attachment) return entities(option.type, option);
    return null;
  }

  read(text) {
    const all = this.all();
    if (all) return all.find((item) => item.label.toLowerCase() === text.trim().toLowerCase())?.value;
    if (text === "") return undefined;
    if (this.option.type === OptionType.string) return text;
    const number = Number(text);
    const whole = this.option.type === OptionType.integer;
    return Number.isNaN(number) || (whole && !Number.isInteger(number)) ? undefined : number;
  }

  get filled() {
    return this.option.type === OptionType.attachment ? this.file !== null : this.input.value.trim() !== "";
  }

  /** What is wrong with it, in words, or null. */
  problem() {
    if (!this.filled) return this.option.required ? t("option-missing", { name: this.label }) : null;
    if (this.file) return null;
    const { min_value: low, max_value: high, min_length: shortest } = this.option;
    const fits = this.value !== undefined && !(low !== undefined && this.value < low) && !(high !== undefined && this.value > high) && !(shortest && String(this.value).length < shortest);
    return fits ? null : t("option-invalid", { name: this.label });
  }

  mark(good) {
    this.element.classList.toggle("wrong", !good);
    if (this.input.tagName === "INPUT") this.input.setAttribute("aria-invalid", String(!good));
  }

  focus() {
    this.input.focus();
  }
}
