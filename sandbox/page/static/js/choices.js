/* What selects and entity options offer: people, roles, channels of the open server. */

import { icon } from "./dom.js";
import { avatar } from "./avatar.js";
import { emojiText } from "./emoji.js";
import { store } from "./store.js";

const people = () => store.members.map((one) => ({ value: one.id, label: one.name, lead: avatar(one, "small") }));
const roles = () => (store.server?.roles ?? []).map((one) => ({ value: one.id, label: `@${one.name}`, lead: icon("people") }));

function channels(types) {
  const all = store.server?.channels ?? [store.world.direct];
  return all.filter((one) => !types?.length || types.includes(one.type)).map((one) => ({ value: one.id, label: one.name, lead: icon("hash") }));
}

/** The items of a select component of any kind. */
export function choicesOf(part) {
  switch (part.type) {
    case 5:
      return people();
    case 6:
      return roles();
    case 7:
      return [...people(), ...roles()];
    case 8:
      return channels(part.channel_types);
    default:
      return (part.options ?? []).map((one) => ({ value: one.value, label: one.label, detail: one.description, lead: one.emoji ? emojiText(one.emoji) : null }));
  }
}

/** What is chosen beforehand. */
export function presetOf(part) {
  if (part.type === 3) return (part.options ?? []).filter((one) => one.default).map((one) => one.value);
  return (part.default_values ?? []).map((one) => one.id);
}

/** The items for an option of a slash command that stands for somebody or something. */
export function entities(optionType, option) {
  return { 6: people, 7: () => channels(option.channel_types), 8: roles, 9: () => [...people(), ...roles()] }[optionType]();
}
