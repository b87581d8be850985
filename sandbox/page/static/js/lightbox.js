/* A picture in full size, with its neighbours and its description. */

import { h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { local } from "./media.js";

/** Open the picture `first` of `items`; Escape, a click beside it or the cross closes. */
export function openLightbox(items, first) {
  const shown = items.filter((item) => local(item.url));
  let at = Math.max(0, shown.indexOf(first));
  const stage = h("figure", {});
  const counter = h("span", { class: "lightbox-count", "aria-live": "polite" });
  const save = h("a", { class: "lightbox-save" }, icon("download"), t("save-picture"));
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": t("open-picture", { name: "" }), onclose: () => dialog.remove(), onclick: closeBeside, onkeydown: turn },
    h("div", { class: "lightbox-bar" }, counter, save, iconButton("close", t("close"), () => dialog.close())),
    stage,
    shown.length > 1 ? [arrow("previous", -1), arrow("next", 1)] : null,
  );

  function arrow(name, step) {
    return h("button", { type: "button", class: `lightbox-arrow ${name}`, "aria-label": t(name), onclick: () => go(step) }, icon("chevron"));
  }
  function go(step) {
    at = (at + step + shown.length) % shown.length;
    draw();
  }
  function turn(event) {
    if (event.key === "ArrowRight") go(1);
    if (event.key === "ArrowLeft") go(-1);
  }
  function closeBeside(event) {
    if (event.target === dialog || event.target === stage) dialog.close();
  }
  function draw() {
    const item = shown[at];
    const source = local(item.url);
    stage.replaceChildren(
      h("img", { src: source, alt: item.description || t("no-alt"), width: item.width, height: item.height }),
      item.description ? h("figcaption", {}, item.description) : "",
    );
    counter.textContent = shown.length > 1 ? `${at + 1} / ${shown.length}` : "";
    save.href = source;
    save.download = item.filename ?? "";
  }

  draw();
  document.body.append(dialog);
  dialog.showModal();
}
