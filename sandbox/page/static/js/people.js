/* The people of the open server on the right. */

import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

/** The right column; a click on somebody opens their menu. */
export function people(deeds) {
  const list = h("div", { class: "people-list" });
  const column = h("aside", { class: "people", id: "people" }, list);

  function draw() {
    if (!store.channel) return;
    column.setAttribute("aria-label", t("people"));
    const { members } = store;
    const inside = new Set(members.map((one) => one.id));
    fill(
      list,
      group("group-apps", members.filter((one) => one.bot)),
      group("group-moderators", members.filter((one) => one.moderator && !one.bot)),
      group("group-members", members.filter((one) => !one.moderator && !one.bot)),
      group(store.server ? "group-outside" : "group-others", store.world.people.filter((one) => !inside.has(one.id)), "outside"),
    );
  }

  function group(name, somebody, extra = "") {
    if (!somebody.length) return null;
    return h("section", { class: `people-group ${extra}` }, h("h2", {}, `${t(name)} – ${somebody.length}`), h("ul", {}, somebody.map((one) => h("li", {}, row(one)))));
  }

  function row(person) {
    const off = person.bot && store.backstage && !store.backstage.connected;
    return h(
      "button",
      { type: "button", class: `person${off ? " off" : ""}`, "aria-haspopup": "menu", onclick: (event) => deeds.person(event, person), oncontextmenu: (event) => deeds.person(event, person) },
      h("span", { class: `presence${off ? " off" : ""}` }, avatar(person)),
      h("span", { class: `person-name${person.moderator ? " moderator" : ""}` }, person.name),
      person.id === store.world.me.id ? h("span", { class: "tag" }, t("you")) : null,
      person.bot ? h("span", { class: "app-badge" }, t("bot")) : null,
      person.owner ? h("span", { class: "tag" }, t("owner")) : null,
    );
  }

  store.on("world channel backstage", draw);
  return column;
}
