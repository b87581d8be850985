/* Pictures and files: from this machine only, in their known size, opening large. */

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { openLightbox } from "./lightbox.js";
import { store } from "./store.js";

const seen = new Map();

/** The address on this very server for a file of the sandbox; null for anything outside.
 * Links are signed afresh with each message: the first one of a file is kept, so that an edit
 * does not load the picture again. */
export function local(url) {
  const origin = store.world.origin;
  if (!url?.startsWith(`${origin}/`)) return null;
  const address = url.slice(origin.length);
  const path = address.split("?")[0];
  const known = seen.get(path);
  if (known && !expired(known)) return known;
  seen.set(path, address);
  return address;
}

function expired(address) {
  const until = parseInt(new URLSearchParams(address.split("?")[1]).get("ex"), 16) * 1000;
  return until < store.now() + 60000;
}

/** A picture that fits into `width` × `height` and opens large; `group` are its neighbours. */
export function picture(item, { width = 550, height = 380, group = null, cover = false } = {}) {
  const source = local(item.url);
  const alt = item.description || t("no-alt");
  if (!source) return foreign(item.url);
  const scale = item.width ? Math.min(1, width / item.width, height / item.height) : 1;
  const shown = { width: Math.round((item.width || width) * scale), height: Math.round((item.height || height) * scale) };
  const image = h("img", { src: source, alt, width: shown.width, height: shown.height, decoding: "async", draggable: "false" });
  const frame = h(
    "button",
    {
      type: "button",
      class: cover ? "picture cover" : "picture",
      "aria-label": t("open-picture", { name: alt }),
      style: cover ? {} : { "aspect-ratio": `${shown.width} / ${shown.height}`, width: `${shown.width}px` },
      onclick: () => openLightbox(group ?? [item], item),
    },
    image,
  );
  return item.spoiler ? veiled(frame) : frame;
}

function veiled(frame) {
  const cover = h("button", { type: "button", class: "veil", onclick: () => cover.remove() }, t("spoiler"));
  return h("span", { class: "veiled" }, frame, cover);
}

function foreign(url) {
  let host = "?";
  try {
    host = new URL(url).host;
  } catch {
    /* not an address at all: the question mark stays */
  }
  return h("div", { class: "foreign-picture" }, icon("image"), t("foreign-picture", { host }));
}

/** "1.2 MB" in the usual steps. */
export function sizeText(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}

/** A file as a card with its name and size. */
export function fileCard({ url, name, size }) {
  const source = local(url);
  return h(
    "div",
    { class: "file-card" },
    icon("file"),
    h("div", { class: "file-text" }, h("span", { class: "file-name" }, name), size ? h("span", { class: "file-size" }, sizeText(size)) : null),
    source ? h("a", { class: "icon-button", href: source, download: name, "aria-label": t("download", { name }), title: t("download", { name }) }, icon("download")) : null,
  );
}

const isPicture = (attachment) => attachment.width && /^image\/(png|jpe?g|webp|gif|avif)/.test(attachment.content_type ?? "");

/** All attachments of a message: pictures as a gallery, the rest as cards. */
export function attachments(list) {
  const pictures = list.filter(isPicture).map((one) => ({ ...one, spoiler: one.filename.startsWith("SPOILER_") }));
  const files = list.filter((one) => !isPicture(one));
  return [
    pictures.length ? gallery(pictures) : null,
    files.map((one) => fileCard({ url: one.url, name: one.filename, size: one.size })),
  ];
}

/** One picture in its own shape, several as a mosaic. */
export function gallery(items) {
  if (items.length === 1) return h("div", { class: "gallery single" }, picture(items[0], { group: items }));
  return h("div", { class: `gallery mosaic count-${Math.min(items.length, 10)}` }, items.map((item) => picture(item, { group: items, cover: true })));
}
