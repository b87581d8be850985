/* Discord's components in messages: Components V2 in full, and the older rows. */

import { h } from "./dom.js";
import { emojiText } from "./emoji.js";
import { t } from "./i18n.js";
import { follow } from "./inline.js";
import { markdown } from "./markdown.js";
import { fileCard, gallery, picture } from "./media.js";
import { select } from "./select.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

/** The components of a message. `act.click(part, element)` and `act.select(part, values)` use them. */
export function components(parts, act) {
  return h("div", { class: "components" }, parts.map((part) => component(part, act)));
}

function component(part, act) {
  const build = BUILDERS[part.type];
  return build ? build(part, act) : h("div", { class: "unknown-component" }, `component ${part.type}`);
}

const inside = (part, act) => (part.components ?? []).map((child) => component(child, act));

const BUILDERS = {
  1: (part, act) => h("div", { class: "action-row" }, inside(part, act)),
  2: button,
  3: (part, act) => select(part, (values) => act.select(part, values)),
  5: (part, act) => select(part, (values) => act.select(part, values)),
  6: (part, act) => select(part, (values) => act.select(part, values)),
  7: (part, act) => select(part, (values) => act.select(part, values)),
  8: (part, act) => select(part, (values) => act.select(part, values)),
  9: (part, act) => h("div", { class: "section" }, h("div", { class: "section-text" }, inside(part, act)), part.accessory ? h("div", { class: "section-accessory" }, component(part.accessory, act)) : null),
  10: (part) => markdown(part.content),
  11: (part) => h("div", { class: "thumbnail" }, picture(media(part), { width: 85, height: 85 })),
  12: (part) => gallery(part.items.map(media)),
  13: (part) => fileCard({ url: part.file.url, name: part.name ?? fileName(part.file.url), size: part.size }),
  14: (part) => h("hr", { class: `separator${part.divider === false ? " invisible" : ""}${part.spacing === 2 ? " large" : ""}` }),
  17: container,
};

const media = (item) => ({ ...item.media, description: item.description, spoiler: item.spoiler });
const fileName = (url) => decodeURIComponent(url.split("?")[0].split("/").at(-1));

function container(part, act) {
  const accent = part.accent_color !== undefined && part.accent_color !== null;
  const box = h("div", { class: accent ? "container accented" : "container", style: accent ? { "--accent-bar": hex(part.accent_color) } : {} }, inside(part, act));
  if (!part.spoiler) return box;
  const cover = h("button", { type: "button", class: "veil", onclick: () => cover.remove() }, t("spoiler"));
  return h("div", { class: "veiled" }, box, cover);
}

function button(part, act) {
  const style = BUTTON_STYLES[part.style] ?? "secondary";
  const label = [part.emoji ? h("span", { class: "emoji", "aria-hidden": part.label ? "true" : null }, emojiText(part.emoji)) : null, part.label ?? ""];
  if (style === "link") {
    return h("a", { class: "button link", href: part.disabled ? null : part.url, target: "_blank", rel: "noreferrer noopener", "aria-disabled": part.disabled ? "true" : null, onclick: (event) => follow(event, part.url) }, label, h("span", { class: "out", "aria-hidden": "true" }, "↗"));
  }
  return h("button", { type: "button", class: `button ${style}`, disabled: part.disabled, "data-custom-id": part.custom_id, onclick: (event) => act.click(part, event.currentTarget) }, label);
}
