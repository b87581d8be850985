/* Building elements. Foreign text always becomes a text node, never markup. */

/** An element. `props`: class, on… listeners, data and aria attributes; false and null are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) assign(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function assign(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.className = value;
  else if (name === "style") Object.entries(value).forEach(([key, item]) => element.style.setProperty(key, item));
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
}

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  at: "M16 12a4 4 0 1 0-8 0 4 4 0 0 0 8 0Zm0 0v1.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-3.500 7.100",
  thread: "M5 4v8a4 4 0 0 0 4 4h10m-4-4 4 4-4 4",
  menu: "M4 6h16M4 12h16M4 18h16",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 9c0-3.500 2.700-5.500 6-5.500s6 2 6 5.500M16 4.500a3.500 3.500 0 0 1 0 6.300M18 15c2 .7 3.200 2.500 3.200 5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  chevron: "m6 9 6 6 6-6",
  file: "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm7 0v5h5",
  download: "M12 4v11m-4-4 4 4 4-4M5 20h14",
  reply: "M10 8V4L3 11l7 7v-4c5 0 8 1.500 11 6-1-7-4.500-11.500-11-12Z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-3.500-7c.8 1.500 2 2.200 3.500 2.200s2.700-.7 3.500-2.200M9 9.500v.5M15 9.500v.5",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  link: "M14 5h5v5M19 5l-9 9M10 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-4",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  curtain: "M4 4h16M6 4c0 6-.5 11-2 16M18 4c0 6 .5 11 2 16M6 4c1 6 3 8 6 8s5-2 6-8",
  send: "M4 12 20 4l-5 16-3.500-6.500Z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.01",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6Z",
  check: "m5 12 5 5L19 7",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  book: "M5 4h6a2 2 0 0 1 1 .500A2 2 0 0 1 13 4h6v15h-6.500l-.5.500-.5-.5H5zM12 5v14",
};

/** A line drawing from the set above; decorative. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon; `label` is read aloud and shown on hover. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/** Replace what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  return element;
}

let counter = 0;
/** An id that no other element has. */
export const freshId = (prefix) => `${prefix}-${(counter += 1)}`;
