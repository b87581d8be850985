/* The messages of the open channel, kept up to date one by one. */

import { dots, continues, messageElement } from "./message.js";
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";
import { dayOf } from "./timestamps.js";

const NEAR_END = 120;

/** The scrolling list. `deeds` are handed to every message. */
export function messageList(deeds) {
  const list = h("div", { class: "message-list", role: "log", tabindex: "0" });
  const more = h("button", { type: "button", class: "new-messages", hidden: true, onclick: toEnd }, "");
  const typing = h("div", { class: "typing", "aria-live": "polite" });
  let stuck = true;

  list.addEventListener("scroll", () => {
    stuck = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    if (stuck) more.hidden = true;
  });
  new ResizeObserver(() => stuck && toEnd()).observe(list);
  new MutationObserver(() => stuck && toEnd()).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "hidden"] });

  function toEnd() {
    list.scrollTop = list.scrollHeight;
    more.hidden = true;
  }

  function build(message, before) {
    return messageElement(message, { compact: continues(message, before), deeds });
  }

  function draw() {
    if (!store.channel) return;
    const shown = store.shown;
    list.setAttribute("aria-label", t("messages", { name: store.channel.name }));
    more.textContent = t("new-messages");
    list.replaceChildren(beginning(), ...shown.flatMap((message, at) => [divider(message, shown[at - 1]), build(message, shown[at - 1])].filter(Boolean)), ...[...store.started].map(([id, where]) => pending(id, where)).filter(Boolean));
    stuck = true;
    toEnd();
  }

  function beginning() {
    const { channel } = store;
    const direct = channel.type === 1;
    return h("div", { class: "beginning" }, h("div", { class: "beginning-mark", "aria-hidden": "true" }, direct ? avatar(store.world.bot, "large") : "#"), h("h2", {}, direct ? channel.name : `#${channel.name}`), h("p", {}, t(direct ? "dm-start" : "channel-start", { name: channel.name })));
  }

  function divider(message, before) {
    const day = dayOf(message.timestamp);
    return before && dayOf(before.timestamp) === day ? null : h("div", { class: "day", role: "separator" }, h("span", {}, day));
  }

  function put({ message, isNew }) {
    if (message.channel_id !== store.channelId) return;
    document.getElementById(`pending-${message.interaction_metadata?.id}`)?.remove();
    const { shown } = store;
    const at = shown.indexOf(message);
    const element = build(message, shown[at - 1]);
    const old = document.getElementById(`message-${message.id}`);
    if (old) replace(old, element);
    else {
      const day = divider(message, shown[at - 1]);
      const next = list.querySelector(".pending");
      if (day) list.insertBefore(day, next);
      list.insertBefore(element, next);
    }
    if (isNew && !stuck) more.hidden = false;
    if (isNew && message.author.id === store.world.me.id) toEnd();
  }

  /** Exchange a message without losing the focus inside it. */
  function replace(old, element) {
    const inside = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(element);
    if (!inside) return;
    const same = inside.dataset.customId ? element.querySelector(`[data-custom-id="${CSS.escape(inside.dataset.customId)}"]`) : null;
    (same ?? element).focus({ preventScroll: true });
  }

  function gone({ channelId, messageId }) {
    if (channelId !== store.channelId) return;
    const element = document.getElementById(`message-${messageId}`);
    const { shown } = store;
    const next = element?.nextElementSibling;
    element?.remove();
    const at = shown.findIndex((one) => `message-${one.id}` === next?.id);
    if (at >= 0) replace(next, build(shown[at], shown[at - 1]));
  }

  /** A command on its way, or one that the bot never answered. */
  function pending(id, where) {
    if (where.channelId !== store.channelId || !where.command) return null;
    const failed = where.state === "failed";
    return h(
      "div",
      { class: "message pending", id: `pending-${id}` },
      h("div", { class: "message-head" }, h("span", { class: "spine", "aria-hidden": "true" }), avatar(store.world.me, "tiny"), h("strong", {}, store.world.me.name), h("span", { class: "mention" }, where.command)),
      h("div", { class: "gutter" }, avatar(store.world.bot)),
      h(
        "div",
        { class: "message-main" },
        h("div", { class: "byline" }, h("span", { class: "author" }, store.world.bot.name), h("span", { class: "app-badge" }, t("bot"))),
        failed
          ? h("div", { class: "failure", role: "alert" }, "⚠ ", t("failed"), " • ", h("button", { type: "button", class: "link-button", onclick: () => store.forget(id) }, t("dismiss")))
          : h("div", { class: "thinking", role: "status" }, dots(), t("sending")),
      ),
    );
  }

  function interaction({ id, change, where }) {
    const known = store.started.get(id);
    document.getElementById(`pending-${id}`)?.remove();
    if (known) {
      const element = pending(id, known);
      if (element) list.append(element);
      if (element && !change) toEnd();
    }
    const source = where?.messageId ?? known?.messageId;
    if (source) markSource(document.getElementById(`message-${source}`), known ?? where);
  }

  /** The spinner on a pressed button, and what stays when nobody answered. */
  function markSource(message, { customId, state }) {
    const part = message?.querySelector(`[data-custom-id="${CSS.escape(customId ?? "")}"]`);
    part?.classList.toggle("busy", state === "sent");
    const note = message?.querySelector(".button-failure");
    if (note) note.textContent = state === "failed" ? `⚠ ${t("failed-button")}` : "";
  }

  function showTyping() {
    const names = [...store.typing].filter(([, where]) => where.channelId === store.channelId && where.until > Date.now()).map(([id]) => store.nameOf(id)).filter(Boolean);
    typing.replaceChildren(...(names.length ? [dots(), t("typing", { name: names.join(", ") })] : []));
  }

  store.on("world channel", draw);
  store.on("message", put);
  store.on("gone", gone);
  store.on("interaction", interaction);
  store.on("typing message", showTyping);
  setInterval(showTyping, 3000);
  return h("div", { class: "messages" }, list, more, typing);
}
