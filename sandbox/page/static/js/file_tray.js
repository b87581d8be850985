/* The files that wait above the message box. */

import { h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { sizeText } from "./media.js";

const MOST = 10;

export class FileTray {
  constructor() {
    this.files = [];
    this.element = h("div", { class: "file-tray", hidden: true });
  }

  add(files) {
    this.files = [...this.files, ...files].slice(0, MOST);
    this.draw();
  }

  clear() {
    this.files = [];
    this.draw();
  }

  /** The files, which leave the tray. */
  take() {
    const taken = this.files;
    this.clear();
    return taken;
  }

  draw() {
    this.element.hidden = !this.files.length;
    this.element.replaceChildren(...this.files.map((file) => this.card(file)));
  }

  card(file) {
    const preview = file.type.startsWith("image/") ? h("img", { src: URL.createObjectURL(file), alt: "" }) : icon("file");
    const remove = iconButton("close", t("remove-file", { name: file.name }), () => {
      this.files = this.files.filter((one) => one !== file);
      this.draw();
    });
    return h("div", { class: "tray-card" }, h("div", { class: "tray-preview" }, preview), h("div", { class: "file-name" }, file.name), h("div", { class: "file-size" }, sizeText(file.size)), remove);
  }
}
