/* Discord's inline markup: emphasis, code, links, mentions, timestamps, spoilers. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";
import { timestamp } from "./timestamps.js";

const RULES = [
  [/^\\([^\w\s])/, (m) => [m[1]]],
  [/^(`{1,2})(?!`)([\s\S]+?)(?<!`)\1(?!`)/, (m) => h("code", {}, m[2])],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (m) => timestamp(Number(m[1]), m[2])],
  [/^<@!?(\d{15,20})>/, (m) => mention(m[1])],
  [/^<@&(\d{15,20})>/, (m) => role(m[1])],
  [/^<#(\d{15,20})>/, (m) => channel(m[1])],
  [/^<\/([^:>]{1,100}):(\d{15,20})>/, (m) => command(m[1], m[2])],
  [/^<a?:(\w{2,32}):\d{15,20}>/, (m) => h("span", { class: "emoji-name" }, `:${m[1]}:`)],
  [/^\[([^[\]]+)\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)/, (m) => link(m[2], inline(m[1]))],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => link(m[1], [m[1]])],
  [/^https?:\/\/[^\s<]*[^\s<.,:;!?"'\])]/, (m) => link(m[0], [m[0]])],
  [/^@(everyone|here)\b/, (m) => h("span", { class: "mention" }, m[0])],
  [/^\|\|([\s\S]+?)\|\|/, (m) => spoiler(inline(m[1]))],
  [/^\*\*\*([\s\S]+?)\*\*\*(?!\*)/, (m) => h("strong", {}, h("em", {}, inline(m[1])))],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, (m) => h("strong", {}, inline(m[1]))],
  [/^__([\s\S]+?)__(?!_)/, (m) => h("u", {}, inline(m[1]))],
  [/^~~([\s\S]+?)~~/, (m) => h("s", {}, inline(m[1]))],
  [/^\*(?!\s)([^*]+?)(?<!\s)\*(?!\*)/, (m) => h("em", {}, inline(m[1]))],
  [/^_([^_]+?)_(?!\w)/, (m, before) => (/\w$/.test(before) ? null : h("em", {}, inline(m[1])))],
];
const SPECIAL = /[\\`<[h@|*_~]/;

/** The text as nodes. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = SPECIAL.test(text[at]) ? match(text.slice(at), plain) : null;
    if (found) {
      if (plain) nodes.push(plain);
      plain = "";
      nodes.push(found.node);
      at += found.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) nodes.push(plain);
  return nodes.flat();
}

function match(rest, before) {
  for (const [rule, build] of RULES) {
    const found = rule.exec(rest);
    const node = found && build(found, before);
    if (node) return { node, length: found[0].length };
  }
  return null;
}

function mention(userId) {
  const name = store.nameOf(userId);
  return h("span", { class: userId === store.world?.me.id ? "mention mine" : "mention", "data-person": userId }, `@${name ?? "unknown-user"}`);
}

function role(roleId) {
  const found = store.server?.roles.find((one) => one.id === roleId);
  return h("span", { class: "mention" }, `@${found?.name ?? "unknown-role"}`);
}

function channel(channelId) {
  const found = store.channels.find((one) => one.id === channelId);
  if (!found) return h("span", { class: "mention" }, "#unknown");
  return h("button", { type: "button", class: "mention", onclick: () => store.choose(channelId) }, `#${found.name}`);
}

function command(name, id) {
  const known = store.world?.commands[id];
  if (!known) return h("span", { class: "mention" }, `/${name}`);
  return h("button", { type: "button", class: "mention", onclick: () => store.tell("use-command", name) }, `/${name}`);
}

/** A link that asks before it leaves the sandbox; one into it jumps to the message. */
export function link(url, children) {
  return h("a", { href: url, rel: "noreferrer noopener", target: "_blank", onclick: (event) => follow(event, url) }, children);
}

/** Follow a link: a message's address opens that message; what leaves this machine is asked first. */
export function follow(event, url) {
  event.preventDefault();
  const { hostname, pathname } = new URL(url);
  const jump = /\/channels\/(?:\d+|@me)\/(\d+)\/(\d+)$/.exec(pathname);
  if (jump) store.tell("jump", { channelId: jump[1], messageId: jump[2] });
  else if (hostname === "127.0.0.1" || confirm(t("link-leaves", { url }))) window.open(url, "_blank", "noreferrer");
}

/** Hidden until it is pressed. */
export function spoiler(children) {
  const reveal = (event) => {
    const hidden = event.currentTarget;
    if (hidden.classList.contains("shown") || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("tabindex");
    hidden.removeAttribute("aria-label");
  };
  return h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("show-spoiler"), onclick: reveal, onkeydown: reveal }, h("span", {}, children));
}
