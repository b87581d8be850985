/* Small panels that hang on something: menus, lists of choices. One at a time. */

import { h } from "./dom.js";

let open = null;

/** Close the panel that is open, if any. */
export function closePopup() {
  open?.close();
}

/** Hang `content` below (or above) `anchor`, an element or a point {x, y}.
 * It closes by Escape, by a click elsewhere, and when the window changes. */
export function openPopup(anchor, content, { onclose = null, width = null, label = null, align = "start" } = {}) {
  closePopup();
  const isPoint = !(anchor instanceof Element);
  const home = isPoint ? document.body : anchor.closest("dialog") ?? document.body;
  const returnTo = document.activeElement;
  const panel = h("div", { class: "popup", "aria-label": label, role: label ? "group" : null }, content);
  const place = () => position(panel, isPoint ? new DOMRect(anchor.x, anchor.y, 0, 0) : anchor.getBoundingClientRect(), width, align);
  const outside = (event) => {
    if (!panel.contains(event.target) && (isPoint || !anchor.contains(event.target))) handle.close(false);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    handle.close();
  };
  const handle = {
    panel,
    close(refocus = true) {
      if (open !== handle) return;
      open = null;
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("keydown", escape, true);
      removeEventListener("resize", handle.close);
      panel.remove();
      onclose?.();
      if (refocus && returnTo?.isConnected) returnTo.focus();
    },
  };
  open = handle;
  home.append(panel);
  place();
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  addEventListener("resize", handle.close);
  return handle;
}

function position(panel, anchor, width, align) {
  if (width) panel.style.width = `${width}px`;
  const { offsetWidth, offsetHeight } = panel;
  const gap = 6;
  const below = innerHeight - anchor.bottom - gap >= offsetHeight || anchor.top < offsetHeight;
  const top = below ? anchor.bottom + gap : anchor.top - offsetHeight - gap;
  const left = align === "end" ? anchor.right - offsetWidth : anchor.left;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(top, innerHeight - offsetHeight - 8))}px`;
}
