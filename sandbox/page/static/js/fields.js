/* The fields that a modal can hold; each knows its value. */

import { select } from "./select.js";
import { freshId, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";

/** A field: `element`, `id` of what a label points to, `read()`, `files()`, `problem()`. */
export function field(part) {
  return (BUILDERS[part.type] ?? selectField)(part);
}

const BUILDERS = { 4: textField, 19: fileField, 21: radioField, 22: checkboxGroup, 23: checkbox };
const required = (part) => part.required !== false;

function textField(part) {
  const id = freshId("field");
  const long = part.style === 2;
  const left = h("span", { class: "field-left" });
  const input = h(long ? "textarea" : "input", { id, class: "field-input", type: long ? null : "text", rows: long ? 4 : null, placeholder: part.placeholder, required: required(part), minlength: part.min_length, maxlength: part.max_length ?? 4000, value: part.value ?? "", oninput: count });
  function count() {
    const rest = (part.max_length ?? 4000) - input.value.length;
    left.textContent = part.max_length && rest < 50 ? t("text-left", { n: rest }) : "";
  }
  count();
  const problem = () => (required(part) && !input.value ? t("form-required") : input.value && part.min_length > input.value.length ? t("text-left", { n: part.min_length }) : null);
  return { element: h("div", {}, input, left), id, read: () => input.value, problem, focus: () => input.focus() };
}

function selectField(part) {
  const id = freshId("field");
  const element = select(part, null, { id });
  const low = part.min_values ?? 1;
  return { element, id, read: () => element.values, problem: () => (required(part) && element.values.length < low ? t("form-required") : null), focus: () => element.focus() };
}

function fileField(part) {
  const id = freshId("field");
  const most = part.max_values ?? 1;
  let files = [];
  const chooser = h("input", { id, type: "file", class: "visually-hidden", multiple: most > 1, onchange: () => add([...chooser.files]) });
  const list = h("div", { class: "field-files" });
  const drop = h("div", { class: "drop-field", ondragover: (event) => event.preventDefault(), ondrop: dropped }, h("label", { for: id, class: "drop-label" }, icon("image"), t("upload-files")), chooser, list);
  function dropped(event) {
    event.preventDefault();
    event.stopPropagation();
    add([...event.dataTransfer.files]);
  }
  function add(more) {
    files = [...files, ...more].slice(-most);
    draw();
  }
  function draw() {
    list.replaceChildren(...files.map((file) => h("span", { class: "field-file" }, file.name, iconButton("close", t("remove-file", { name: file.name }), () => ((files = files.filter((one) => one !== file)), draw())))));
  }
  return { element: drop, id, files: () => files, problem: () => (required(part) && files.length < (part.min_values ?? 1) ? t("form-required") : null), focus: () => chooser.focus() };
}

function options(part, type) {
  const name = freshId("group");
  return (part.options ?? []).map((one) => {
    const input = h("input", { type, name, value: one.value });
    input.checked = Boolean(one.default);
    return { input, row: h("label", { class: "choice" }, input, h("span", {}, h("span", {}, one.label), one.description ? h("span", { class: "choice-detail" }, one.description) : null)) };
  });
}

function radioField(part) {
  const rows = options(part, "radio");
  const chosen = () => rows.find(({ input }) => input.checked)?.input.value ?? null;
  return { element: h("div", { class: "choices", role: "radiogroup" }, rows.map(({ row }) => row)), group: true, read: chosen, problem: () => (required(part) && chosen() === null ? t("form-required") : null), focus: () => rows[0].input.focus() };
}

function checkboxGroup(part) {
  const rows = options(part, "checkbox");
  const chosen = () => rows.filter(({ input }) => input.checked).map(({ input }) => input.value);
  const low = part.min_values ?? 1;
  return { element: h("div", { class: "choices", role: "group" }, rows.map(({ row }) => row)), group: true, read: chosen, problem: () => (required(part) && chosen().length < low ? t("form-required") : null), focus: () => rows[0].input.focus() };
}

function checkbox(part) {
  const id = freshId("field");
  const input = h("input", { id, type: "checkbox", class: "checkbox" });
  input.checked = Boolean(part.default);
  return { element: input, id, read: () => input.checked, problem: () => null, focus: () => input.focus() };
}
