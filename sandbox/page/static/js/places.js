/* Servers and channels on the left, and below them who one is. */

import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { openMenu } from "./menus.js";
import { store } from "./store.js";

const THREAD = 11;
const FORUM = 15;

/** The left column. `deeds.become` and `deeds.speak` change who one is. */
export function places(deeds) {
  const rail = h("nav", { class: "rail" });
  const title = h("h1", { class: "server-name" });
  const channels = h("nav", { class: "channels" });
  const self = h("div", { class: "self" });
  let direct = false;

  function draw() {
    if (!store.channel) return;
    direct = store.channel.type === 1;
    rail.setAttribute("aria-label", t("servers"));
    channels.setAttribute("aria-label", t("channels"));
    fill(rail, railButton(t("direct-messages"), direct, avatar(store.world.bot), [store.world.direct], () => store.choose(store.world.direct.id)), h("hr", {}), store.world.servers.map(serverButton));
    title.textContent = direct ? t("direct-messages") : store.server.name;
    fill(channels, direct ? [channelButton(store.world.direct), lonely()] : inOrder(store.server.channels).map(channelButton));
    drawSelf();
  }

  function lonely() {
    return store.world.servers.length ? null : h("p", { class: "lonely" }, t("no-server", { name: store.world.me.name }));
  }

  function serverButton(server) {
    const open = store.server === server;
    const initials = [...server.name.replace(/[^\p{Lu}\p{Lo}]/gu, "")].slice(0, 2).join("") || server.name[0];
    const first = () => inOrder(server.channels).find((channel) => channel.type !== FORUM);
    return railButton(server.name, open, h("span", { class: "server-icon", "aria-hidden": "true" }, initials), server.channels, () => store.choose(first().id));
  }

  function railButton(name, open, face, inside, onclick) {
    const news = inside.some((channel) => store.unread.has(channel.id));
    const mentions = inside.reduce((sum, channel) => sum + (store.unread.get(channel.id)?.mentions ?? 0), 0);
    return h("button", { type: "button", class: `rail-button${open ? " open" : ""}${news ? " news" : ""}`, "aria-current": open ? "true" : null, title: name, onclick }, face, h("span", { class: "visually-hidden" }, name, news ? `, ${t("unread")}` : ""), mentions ? h("span", { class: "badge", "aria-hidden": "true" }, mentions) : null);
  }

  function channelButton(channel) {
    const open = channel.id === store.channelId;
    const news = store.unread.get(channel.id);
    const notes = [channel.nsfw ? t("age-restricted") : null, channel.bot === "read" ? t("bot-reads-only") : null, channel.bot === "none" ? t("bot-not-here") : null].filter(Boolean);
    return h(
      "button",
      { type: "button", class: `channel${open ? " open" : ""}${news ? " news" : ""}${channel.type === THREAD ? " inside" : ""}`, "aria-current": open ? "page" : null, disabled: channel.type === FORUM, title: notes.join(" · ") || null, onclick: () => pick(channel) },
      icon(channel.type === 1 ? "at" : channel.type === THREAD ? "thread" : channel.type === FORUM ? "book" : "hash"),
      h("span", { class: "channel-name" }, channel.name),
      channel.nsfw ? h("span", { class: "tag" }, "18+") : null,
      channel.bot === "read" ? h("span", { class: "tag", "aria-hidden": "true" }, icon("eye")) : null,
      channel.bot === "none" ? h("span", { class: "tag", "aria-hidden": "true" }, icon("lock")) : null,
      notes.length ? h("span", { class: "visually-hidden" }, notes.join(", ")) : null,
      news ? h("span", { class: "visually-hidden" }, t("unread")) : null,
      news?.mentions ? h("span", { class: "badge" }, h("span", { class: "visually-hidden" }, t("mentions", { n: news.mentions })), h("span", { "aria-hidden": "true" }, news.mentions)) : null,
    );
  }

  function pick(channel) {
    store.choose(channel.id);
    store.tell("close-drawers");
  }

  function drawSelf() {
    const { me } = store.world;
    fill(
      self,
      avatar(me),
      h(
        "div",
        { class: "self-text" },
        h("button", { type: "button", class: "self-button", "aria-haspopup": "menu", title: t("switch-person"), onclick: people }, h("span", { class: "self-name" }, t("you-are", { name: me.name })), icon("chevron")),
        h("div", { class: "self-more" }, h("span", { class: "self-role" }, roleOf(store.world.people.find((one) => one.id === me.id))), " · ", h("button", { type: "button", class: "language-button", "aria-haspopup": "menu", title: t("language"), onclick: languages }, t(`lang-${me.locale}`), icon("chevron"))),
      ),
    );
  }

  function people(event) {
    const items = store.world.people.map((one) => ({ label: one.name, detail: `${roleOf(one)} · ${t(`lang-${one.locale}`)}`, lead: avatar(one, "small"), checked: one.id === store.world.me.id, onpick: () => deeds.become(one.id) }));
    openMenu(event, [{ heading: t("switch-person") }, ...items], t("switch-person"));
  }

  function languages(event) {
    const items = store.world.locales.map((locale) => ({ label: t(`lang-${locale}`), checked: locale === store.world.me.locale, onpick: () => deeds.speak(locale) }));
    openMenu(event, [{ heading: t("language") }, ...items], t("language"));
  }

  store.on("world channel unread message", draw);
  return h("div", { class: "places", id: "places" }, rail, h("div", { class: "place-column" }, h("div", { class: "place-title" }, title), channels, self));
}

function inOrder(channels) {
  const threads = channels.filter((channel) => channel.type === THREAD);
  return channels.filter((channel) => channel.type !== THREAD).flatMap((channel) => [channel, ...threads.filter((thread) => thread.parent === channel.id)]);
}

/** What somebody is here: member, moderator, outsider. */
export function roleOf(person) {
  if (!person?.servers.length) return t("role-outsider");
  return t(person.moderator ? "role-moderator" : "role-member");
}
