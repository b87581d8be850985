/* Round pictures for people who have none: their initial on their colour. */

import { h } from "./dom.js";
import { store } from "./store.js";

const HUES = [212, 152, 280, 32, 336, 188, 256, 16];

/** The avatar of a person or bot ({id, name}); decorative, as the name stands beside it. */
export function avatar(person, size = "") {
  if (person.id === store.world?.bot.id) {
    return h("span", { class: `avatar ${size}`, "aria-hidden": "true" }, h("img", { src: "/static/icon.svg", alt: "", width: 40, height: 40 }));
  }
  const hue = HUES[Number(BigInt(person.id) >> 1n & 0xffffn) % HUES.length];
  return h("span", { class: `avatar ${size}`, style: { "--hue": hue }, "aria-hidden": "true" }, [...person.name][0].toUpperCase());
}
