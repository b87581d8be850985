/* One message as it stands in the channel. */

import { avatar } from "./avatar.js";
import { components } from "./components.js";
import { h, icon, iconButton } from "./dom.js";
import { embed } from "./embeds.js";
import { t } from "./i18n.js";
import { markdown, plain } from "./markdown.js";
import { attachments } from "./media.js";
import { store } from "./store.js";
import { clockTime, written } from "./timestamps.js";

const LOADING = 1 << 7;
const COMPONENTS_V2 = 1 << 15;
const GROUP_MS = 7 * 60 * 1000;
const COMMAND_TYPES = [20, 23];

/** Whether `message` continues `before`: then its head is left out. */
export function continues(message, before) {
  if (!before || before.author.id !== message.author.id || before.private !== message.private) return false;
  if (message.message_reference || message.interaction || before.author.username !== message.author.username) return false;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) < GROUP_MS;
}

/** The element of a message. `deeds` are what its buttons and menus do. */
export function messageElement(message, { compact, deeds }) {
  const name = message.author.global_name ?? message.author.username;
  const mine = message.mentions?.some((user) => user.id === store.world.me.id) || message.mention_everyone;
  const author = { id: message.author.id, name: displayName(message.author) };
  return h(
    "article",
    {
      class: ["message", compact ? "compact" : "", mine ? "mentions-me" : "", message.private ? "private" : ""].join(" ").trim(),
      id: `message-${message.id}`,
      "data-message": message.id,
      tabindex: "-1",
      "aria-label": `${name}, ${clockTime(message.timestamp)}`,
      oncontextmenu: (event) => deeds.menu(event, message),
      onkeydown: (event) => deeds.key(event, message),
    },
    compact ? null : head(message),
    h("div", { class: "gutter" }, compact ? h("span", { class: "gutter-time", "aria-hidden": "true" }, clockTime(message.timestamp)) : h("button", { type: "button", class: "bare", tabindex: "-1", "aria-hidden": "true", onclick: (event) => deeds.person(event, author) }, avatar(author))),
    h("div", { class: "message-main" }, compact ? null : byline(message, author, deeds), body(message, deeds), foot(message, deeds)),
    tools(message, deeds),
  );
}

const displayName = (author) => store.nameOf(author.id) ?? author.global_name ?? author.username;

function head(message) {
  if (message.interaction && COMMAND_TYPES.includes(message.type)) {
    const user = message.interaction.user;
    const who = { id: user.id, name: displayName(user) };
    const [before, after] = t("used", { name: "\u0000" }).split("\u0000");
    const [middle, end = ""] = after.split("{command}");
    const slash = message.type === 20 ? `/${message.interaction.name}` : message.interaction.name;
    return h("div", { class: "message-head" }, h("span", { class: "spine", "aria-hidden": "true" }), avatar(who, "tiny"), before, h("strong", {}, who.name), middle, h("span", { class: "mention" }, slash), end);
  }
  if (message.message_reference && message.message_reference.type !== 1 && "referenced_message" in message) return reply(message.referenced_message);
  return null;
}

function reply(original) {
  if (!original) return h("div", { class: "message-head" }, h("span", { class: "spine", "aria-hidden": "true" }), h("em", {}, t("replied-gone")));
  const who = { id: original.author.id, name: displayName(original.author) };
  const text = plain(original.content || firstText(original.components)) || t("replied-picture");
  return h(
    "button",
    { type: "button", class: "message-head bare", onclick: () => store.tell("jump", { channelId: original.channel_id, messageId: original.id }) },
    h("span", { class: "spine", "aria-hidden": "true" }),
    avatar(who, "tiny"),
    h("strong", {}, who.name),
    h("span", { class: "excerpt" }, text),
  );
}

/** The first text in a tree of components. */
export function firstText(parts) {
  for (const part of parts ?? []) {
    const found = part.type === 10 ? part.content : firstText(part.components);
    if (found) return found;
  }
  return "";
}

function byline(message, author, deeds) {
  const member = store.members.find((one) => one.id === author.id);
  return h(
    "div",
    { class: "byline" },
    h("button", { type: "button", class: `bare author ${member?.moderator ? "moderator" : ""}`, onclick: (event) => deeds.person(event, author) }, author.name),
    message.author.bot ? h("span", { class: "app-badge" }, t("bot")) : null,
    written(message.timestamp),
  );
}

function body(message, deeds) {
  if (message.flags & LOADING) return h("div", { class: "thinking", role: "status" }, dots(), t("thinking", { name: displayName(message.author) }));
  const act = { click: (part, element) => deeds.click(message, part, element), select: (part, values) => deeds.select(message, part, values) };
  const edited = message.edited_timestamp ? h("span", { class: "edited" }, t("edited")) : null;
  const copies = (message.message_snapshots ?? []).map((snapshot) => forwarded(snapshot.message));
  const text = message.content ? markdown(message.content) : null;
  if (text && edited && !message.author.bot) text.lastElementChild.append(" ", edited);
  return [
    text,
    copies,
    message.components.length && message.flags & COMPONENTS_V2 ? components(message.components, act) : null,
    attachments(message.attachments),
    message.embeds.map(embed),
    message.components.length && !(message.flags & COMPONENTS_V2) ? components(message.components, act) : null,
  ];
}

function forwarded(copy) {
  return h("div", { class: "forwarded" }, h("div", { class: "forwarded-mark" }, icon("reply"), t("forwarded")), copy.content ? markdown(copy.content) : null, attachments(copy.attachments ?? []), (copy.embeds ?? []).map(embed));
}

/** Three dots that breathe. */
export function dots() {
  return h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

function foot(message, deeds) {
  return [
    message.reactions?.length ? h("div", { class: "reactions" }, message.reactions.map((one) => reaction(message, one, deeds))) : null,
    h("div", { class: "button-failure", role: "status" }),
    message.private ? h("div", { class: "private-note" }, icon("eye"), t("only-you"), " • ", h("button", { type: "button", class: "link-button", onclick: () => deeds.remove(message) }, t("dismiss-message"))) : null,
  ];
}

function reaction(message, one, deeds) {
  const emoji = one.emoji.id ? `:${one.emoji.name}:` : one.emoji.name;
  return h("button", { type: "button", class: "reaction", "aria-pressed": String(one.me), "aria-label": t("reaction", { emoji, n: one.count }), onclick: () => deeds.react(message, one.emoji.name) }, h("span", { "aria-hidden": "true" }, emoji), ` ${one.count}`);
}

function tools(message, deeds) {
  if (message.flags & LOADING) return null;
  return h(
    "div",
    { class: "message-tools" },
    message.private ? null : iconButton("smile", t("react"), (event) => deeds.emoji(event, message)),
    message.private ? null : iconButton("reply", t("reply"), () => deeds.reply(message)),
    iconButton("dots", t("menu-message"), (event) => deeds.menu(event, message), { "aria-haspopup": "menu" }),
  );
}
