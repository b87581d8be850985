/* The page's own words, in the language of the person who is being played. */

import { en } from "./texts/en.js";
import { ja } from "./texts/ja.js";

const CATALOGUES = { en, ja };
let current = "en";

export const language = () => current;

/** Speak the language of a locale such as "en-US" or "ja". */
export function setLanguage(locale) {
  current = locale.startsWith("ja") ? "ja" : "en";
  document.documentElement.lang = current;
  document.title = t("title");
}

/** The text with its {names} filled in. */
export function t(key, values = {}) {
  const text = CATALOGUES[current][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A command's, option's or choice's own text in the person's locale. */
export function localised(thing, field, locale) {
  const texts = thing[`${field}_localizations`] ?? {};
  return texts[locale] ?? texts[locale.slice(0, 2)] ?? thing[field];
}
