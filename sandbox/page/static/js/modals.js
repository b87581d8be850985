/* Modals that the bot opens. */

import { field } from "./fields.js";
import { freshId, h, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown.js";
import { upload } from "./socket.js";
import { store } from "./store.js";

const LABEL = 18;
const ROW = 1;
const TEXT = 10;

/** Open the modal of an interaction. `ask` sends it; it stays open until the bot has answered. */
export function openModal(interactionId, modal, ask) {
  const fields = new Map();
  const title = freshId("modal");
  const problem = h("div", { class: "form-problem", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary" }, t("submit"));
  const form = h(
    "form",
    { onsubmit: send, novalidate: true },
    h("header", { class: "modal-head" }, h("h2", { id: title }, modal.title), iconButton("close", t("close"), () => dialog.close())),
    h("div", { class: "modal-body" }, modal.components.map((part) => row(part, fields))),
    problem,
    h("footer", { class: "modal-foot" }, h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, t("cancel")), submit),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": title, onclose: () => dialog.remove() }, form);
  let sent = null;
  store.on("interaction", ({ id, change }) => {
    if (id !== sent || !change || !dialog.isConnected) return;
    if (change.state === "failed") complain(t("form-failed"));
    else if (change.state !== "sent") dialog.close();
  });

  function complain(text) {
    problem.textContent = text;
    submit.disabled = false;
  }

  async function send(event) {
    event.preventDefault();
    if (!valid(fields)) return;
    submit.disabled = true;
    problem.textContent = "";
    try {
      const values = await read(fields);
      const { interaction } = await ask("submit", { interaction: interactionId, values });
      sent = interaction;
      store.start(interaction, { channelId: store.channelId });
    } catch (error) {
      complain(t("form-wrong", { error: error.message }));
    }
  }

  document.body.append(dialog);
  dialog.showModal();
  [...fields.values()][0]?.focus();
}

function row(part, fields) {
  if (part.type === TEXT) return markdown(part.content);
  if (part.type === ROW) return labelled({ label: part.components[0].label }, part.components[0], fields);
  if (part.type === LABEL) return labelled(part, part.component, fields);
  return null;
}

function labelled(label, inner, fields) {
  const made = field(inner);
  const help = freshId("help");
  const wrong = h("span", { class: "field-wrong", role: "alert" });
  made.say = (text) => (wrong.textContent = text ?? "");
  fields.set(inner.custom_id, made);
  const star = inner.required !== false && inner.type !== 23 ? h("span", { class: "star", title: t("form-required"), "aria-hidden": "true" }, " *") : null;
  const text = [label.label, star];
  if (label.description) made.element.setAttribute("aria-describedby", help);
  const caption = made.group ? h("legend", {}, text) : h("label", { for: made.id }, text);
  return h(made.group ? "fieldset" : "div", { class: inner.type === 23 ? "form-row inline-row" : "form-row" }, caption, label.description ? h("div", { class: "field-help", id: help }, label.description) : null, made.element, wrong);
}

function valid(fields) {
  let first = null;
  for (const one of fields.values()) {
    const problem = one.problem();
    one.say(problem);
    if (problem) first ??= one;
  }
  first?.focus();
  return !first;
}

async function read(fields) {
  const values = {};
  for (const [name, one] of fields) {
    if (!one.files) values[name] = one.read();
    else values[name] = one.files().length ? (await upload(one.files())).map((id) => ({ upload: id })) : [];
  }
  return values;
}
