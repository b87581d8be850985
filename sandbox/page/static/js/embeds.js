/* Embeds, as bots without Components V2 send them. */

import { h } from "./dom.js";
import { inline, link } from "./inline.js";
import { markdown } from "./markdown.js";
import { local, picture } from "./media.js";
import { written } from "./timestamps.js";

const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

/** One embed. */
export function embed(data) {
  const style = data.color !== undefined && data.color !== null ? { "--accent-bar": hex(data.color) } : {};
  return h(
    "article",
    { class: "embed", style },
    h(
      "div",
      { class: "embed-body" },
      h(
        "div",
        { class: "embed-text" },
        data.author?.name ? h("div", { class: "embed-author" }, small(data.author.icon_url), data.author.name) : null,
        data.title ? h("div", { class: "embed-title" }, data.url ? link(data.url, inline(data.title)) : inline(data.title)) : null,
        data.description ? markdown(data.description) : null,
        data.fields?.length ? fields(data.fields) : null,
      ),
      data.thumbnail?.url ? picture(data.thumbnail, { width: 80, height: 80 }) : null,
    ),
    data.image?.url ? picture(data.image, { width: 400, height: 300 }) : null,
    data.footer || data.timestamp
      ? h("div", { class: "embed-footer" }, small(data.footer?.icon_url), data.footer?.text ?? "", data.footer && data.timestamp ? " • " : "", data.timestamp ? written(data.timestamp) : null)
      : null,
  );
}

function fields(list) {
  return h(
    "dl",
    { class: "embed-fields" },
    list.map((field) => h("div", { class: field.inline ? "inline" : "" }, h("dt", {}, inline(field.name)), h("dd", {}, markdown(field.value)))),
  );
}

function small(url) {
  const source = local(url);
  return source ? h("img", { src: source, alt: "", width: 20, height: 20 }) : null;
}
