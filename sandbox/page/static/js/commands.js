/* What the bot offers here: slash commands with their subcommands, and menu entries. */

import { localised } from "./i18n.js";
import { store } from "./store.js";

const SUBCOMMAND = 1;
const GROUP = 2;

export const OptionType = { string: 3, integer: 4, boolean: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, attachment: 11 };

/** The registered commands of a kind (1 slash, 2 on people, 3 on messages) offered in the open channel. */
export function offered(kind) {
  const ids = store.channel?.commands ?? [];
  return ids.map((id) => store.world.commands[id]).filter((command) => command?.type === kind);
}

/** Slash commands as single entries, each subcommand one of its own. */
export function entries() {
  const locale = store.world.me.locale;
  return offered(1).flatMap((command) => unfolded(command, locale, [], [])).sort((a, b) => a.label.localeCompare(b.label));
}

function unfolded(thing, locale, path, label) {
  const names = [...path, thing.name];
  const shown = [...label, localised(thing, "name", locale)];
  const inner = (thing.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  if (inner.length) return inner.flatMap((option) => unfolded(option, locale, names, shown));
  return [{ name: names.join(" "), label: shown.join(" "), detail: localised(thing, "description", locale), options: inOrder(thing.options ?? []) }];
}

const inOrder = (options) => [...options.filter((option) => option.required), ...options.filter((option) => !option.required)];

/** The entries that fit what was typed after the slash: beginnings first. */
export function matching(typed) {
  const wanted = typed.trim().toLowerCase();
  const rank = (entry) => {
    const names = [entry.name.toLowerCase(), entry.label.toLowerCase()];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  return entries().map((entry) => [rank(entry), entry]).filter(([place]) => place < 2).sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

/** The entry with exactly this name, in English or in the person's language. */
export const named = (name) => entries().find((entry) => entry.name === name || entry.label === name) ?? null;
