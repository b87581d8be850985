/* Context menus on messages and people, with the bot's own entries. */

import { offered } from "./commands.js";
import { freshId, h, icon } from "./dom.js";
import { OFFERED } from "./emoji.js";
import { localised, t } from "./i18n.js";
import { closePopup, openPopup } from "./popup.js";
import { store } from "./store.js";

/** Open a menu of `items` ({label, icon, onpick, danger} or {heading}) at an event's place. */
export function openMenu(event, items, label) {
  event.preventDefault();
  const fromKeys = event.clientX === 0 && event.clientY === 0;
  const anchor = event.type === "contextmenu" && !fromKeys ? { x: event.clientX, y: event.clientY } : event.currentTarget;
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label, id: freshId("menu"), onkeydown: walk }, items.map(entry));
  openPopup(anchor, menu);
  menu.querySelector("[role=menuitem]")?.focus();
}

function entry(item) {
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  if (item.note) return h("div", { class: "menu-note", role: "presentation" }, item.note);
  const pick = () => {
    closePopup();
    item.onpick();
  };
  return h("button", { type: "button", role: item.checked === undefined ? "menuitem" : "menuitemradio", "aria-checked": item.checked === undefined ? null : String(item.checked), class: item.danger ? "menu-item danger" : "menu-item", tabindex: "-1", onclick: pick }, item.lead ?? null, h("span", {}, item.label), item.detail ? h("span", { class: "menu-detail" }, item.detail) : null, item.icon ? icon(item.icon) : null);
}

function walk(event) {
  const items = [...event.currentTarget.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Tab") return closePopup();
  if (event.key in steps) items.at(steps[event.key] % items.length)?.focus();
  else if (event.key.length === 1 && !event.ctrlKey) items.find((item, index) => index > at && item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  else return;
  if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
}

/** The bot's entries of a kind, as a menu's items. */
function apps(kind, onpick) {
  const found = offered(kind).map((command) => ({ label: localised(command, "name", store.world.me.locale), icon: "bolt", onpick: () => onpick(command) }));
  return [{ heading: t("apps") }, ...(found.length ? found : [{ note: t("no-apps") }])];
}

/** The menu of a message. */
export function messageMenu(event, message, deeds) {
  const own = message.author.id === store.world.me.id;
  const items = [...apps(3, (command) => deeds.useOnMessage(message, command)), { heading: t("group-message") }];
  if (message.private) items.splice(0, items.length, { heading: t("group-message") });
  else items.push({ label: t("reply"), icon: "reply", onpick: () => deeds.reply(message) });
  if (own && message.content) items.push({ label: t("edit"), icon: "book", onpick: () => deeds.edit(message) });
  if (message.content) items.push({ label: t("copy-text"), icon: "file", onpick: () => navigator.clipboard?.writeText(message.content) });
  items.push({ label: t("copy-id"), icon: "hash", onpick: () => navigator.clipboard?.writeText(message.id) });
  if (message.private) items.push({ label: t("dismiss-message"), icon: "close", onpick: () => deeds.remove(message) });
  else if (own || store.channel.may_moderate) items.push({ label: t("delete"), icon: "close", danger: true, onpick: () => deeds.remove(message) });
  openMenu(event, items, t("menu-message"));
}

/** The menu of a person. */
export function personMenu(event, person, deeds) {
  const playable = store.world.people.some((one) => one.id === person.id) && person.id !== store.world.me.id;
  const inServer = store.members.some((one) => one.id === person.id);
  const items = inServer ? apps(2, (command) => deeds.useOnPerson(person, command)) : [];
  items.push({ heading: person.name });
  if (playable) items.push({ label: t("become", { name: person.name }), icon: "people", onpick: () => deeds.become(person.id) });
  items.push({ label: t("copy-id"), icon: "hash", onpick: () => navigator.clipboard?.writeText(person.id) });
  openMenu(event, items, t("menu-person", { name: person.name }));
}

/** A few emoji to react with. */
export function emojiMenu(event, message, deeds) {
  const pick = (emoji) => {
    closePopup();
    deeds.react(message, emoji);
  };
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": t("react") }, OFFERED.map((emoji) => h("button", { type: "button", class: "emoji-choice", "aria-label": emoji, onclick: () => pick(emoji) }, emoji)));
  openPopup(event.currentTarget, grid);
  grid.firstElementChild.focus();
}
