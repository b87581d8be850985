/* Moments in the person's words; relative ones tick. */

import { h } from "./dom.js";
import { language, t } from "./i18n.js";
import { store } from "./store.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [2592000, "day", 86400], [31536000, "month", 2592000], [Infinity, "year", 31536000]];

const format = (ms, options) => new Intl.DateTimeFormat(language(), options).format(ms);

/** "3 minutes ago", "in 2 hours". */
export function relative(ms, now = Date.now()) {
  const seconds = Math.round((ms - now) / 1000);
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** `<t:seconds:style>` as a time element.
 * The bot reads its own clock, which the sandbox's jumps do not move: so these follow real time. */
export function timestamp(seconds, style = "f") {
  const ms = seconds * 1000;
  if (!Number.isFinite(new Date(ms).getTime())) return h("span", {}, "<t>");
  const text = style === "R" ? relative(ms) : format(ms, STYLES[style] ?? STYLES.f);
  return h("time", { class: "timestamp", datetime: new Date(ms).toISOString(), title: format(ms, STYLES.F), "data-relative": style === "R" ? String(ms) : null }, text);
}

/** When a message was written, by the sandbox's clock. */
export function written(iso) {
  const ms = Date.parse(iso);
  const time = format(ms, { timeStyle: "short" });
  const days = Math.round((new Date(store.now()).setHours(0, 0, 0, 0) - new Date(ms).setHours(0, 0, 0, 0)) / 86400000);
  const text = days === 0 ? t("today", { time }) : days === 1 ? t("yesterday", { time }) : format(ms, { dateStyle: "short", timeStyle: "short" });
  return h("time", { class: "written", datetime: iso, title: format(ms, STYLES.F) }, text);
}

/** Only the hour and minute. */
export const clockTime = (iso) => format(Date.parse(iso), { timeStyle: "short" });

/** The heading above a day's first message. */
export const dayOf = (iso) => format(Date.parse(iso), { dateStyle: "long" });

/** Let all relative moments on the page tick. */
export function startTicking() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Number(element.dataset.relative));
      if (element.textContent !== text) element.textContent = text;
    }
  }, 1000);
}
