/* Discord's markdown, block by block, as elements. Nothing foreign becomes markup. */

import { h } from "./dom.js";
import { inline } from "./inline.js";
import { store } from "./store.js";

/** The text as elements: headings, quotes, lists, code blocks, paragraphs. */
export function markdown(text) {
  const lines = text.split("\n");
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = take(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return h("div", { class: "markdown" }, blocks);
}

function take(lines, at) {
  const line = lines[at];
  if (line.startsWith("```")) {
    const code = codeBlock(lines, at);
    if (code) return code;
  }
  const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
  if (heading) return [h("div", { class: `heading heading-${heading[1].length}`, role: "heading", "aria-level": String(heading[1].length + 2) }, inline(heading[2])), at + 1];
  if (line.startsWith("-# ")) return [h("div", { class: "subtext" }, inline(line.slice(3))), at + 1];
  if (line.startsWith(">>> ")) return [h("blockquote", {}, markdown([line.slice(4), ...lines.slice(at + 1)].join("\n"))), lines.length];
  if (line.startsWith("> ")) return quote(lines, at);
  if (isItem(line)) return list(lines, at);
  return paragraph(lines, at);
}

function codeBlock(lines, at) {
  const rest = lines.slice(at).join("\n");
  const found = /^```(?:([\w+-]{1,20})\n)?\n?([\s\S]*?)\n?```/.exec(rest);
  if (!found || !found[2]) return null;
  const used = found[0].split("\n").length;
  const after = rest.slice(found[0].length).split("\n")[0];
  const block = h("pre", { tabindex: "0" }, h("code", {}, found[2]));
  return [after ? h("div", {}, block, inline(after)) : block, at + used];
}

function quote(lines, at) {
  let end = at;
  while (end < lines.length && lines[end].startsWith("> ")) end += 1;
  return [h("blockquote", {}, markdown(lines.slice(at, end).map((line) => line.slice(2)).join("\n"))), end];
}

const ITEM = /^( *)(?:([-*])|(\d{1,9})\.) +(\S.*)$/;
const isItem = (line) => ITEM.test(line);

function list(lines, at) {
  const [, indent, bullet, number] = ITEM.exec(lines[at]);
  const items = [];
  let end = at;
  while (end < lines.length && isItem(lines[end])) {
    const [, depth, mark, , text] = ITEM.exec(lines[end]);
    if (depth.length > indent.length && items.length) {
      const [inner, next] = list(lines, end);
      items.at(-1).append(inner);
      end = next;
    } else if (depth.length < indent.length || Boolean(mark) !== Boolean(bullet)) break;
    else {
      items.push(h("li", {}, inline(text)));
      end += 1;
    }
  }
  return [h(bullet ? "ul" : "ol", { start: number && number !== "1" ? number : null }, items), end];
}

const opensBlock = (line) => /^(#{1,3} +\S|-# |>>> |> |```)/.test(line) || isItem(line);

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && !opensBlock(lines[end])) end += 1;
  const text = lines.slice(at, end).join("\n");
  return [text.trim() ? h("p", {}, inline(text)) : text.length === 0 && end < lines.length ? h("p", { class: "blank" }) : null, end];
}

/** One line of plain text from markdown, for previews. */
export function plain(text) {
  return text
    .replace(/<@!?(\d+)>/g, (_, id) => `@${store.nameOf(id) ?? id}`)
    .replace(/<\/([^:>]+):\d+>/g, "/$1")
    .replace(/<t:\d+(:\w)?>/g, "")
    .replace(/[*_~`|]|^#+ |^-# |^> /gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
