/* A short word at the bottom for what went wrong with a click. */

import { h } from "./dom.js";

const SHOWN_MS = 6000;

/** Show the text for a few seconds. */
export function toast(text) {
  document.querySelector(".toast")?.remove();
  const element = h("div", { class: "toast", role: "alert" }, text);
  document.body.append(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}
