/* The page: puts its parts together and lets them speak with the sandbox. */

import { Composer } from "./composer.js";
import { named } from "./commands.js";
import { drawer as makeDrawer } from "./drawer.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { emojiMenu, messageMenu, personMenu } from "./menus.js";
import { messageList } from "./messages.js";
import { openModal } from "./modals.js";
import { onboarding } from "./onboarding.js";
import { people } from "./people.js";
import { places } from "./places.js";
import { closePopup } from "./popup.js";
import { Socket } from "./socket.js";
import { store } from "./store.js";
import { startTicking } from "./timestamps.js";
import { toast } from "./toast.js";

const PERSON_KEY = "sandbox-person";
const BANNER_KEY = "sandbox-banner-closed";
const events = {
  world: (told) => (told.messages ? store.setSnapshot(told) : store.setWorld(told.world)),
  message_created: (told) => store.put(told.message),
  message_edited: (told) => store.put(told.message),
  message_deleted: (told) => store.remove(told.message_deleted.channel_id, told.message_deleted.id),
  interaction: (told) => interaction(told.interaction),
  typing: (told) => typing(told.typing),
  backstage: (told) => store.setBackstage(told.backstage),
  request: (told) => store.addRequest(told.request),
  gateway: () => socket.ask("backstage").then(({ state }) => store.setBackstage(state)).catch(() => {}),
};
const socket = new Socket({ onevent: (told) => events[told.event]?.(told), onstate: connected });
const ask = (what, args) => socket.ask(what, args);
const composer = new Composer(ask);

/** Ask, and show a refusal where nothing else would. */
async function tried(what, args) {
  try {
    return await ask(what, args);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

async function started(what, args, where) {
  const sent = await tried(what, args);
  if (sent) store.start(sent.interaction, { channelId: store.channelId, ...where });
}

const deeds = {
  become: (person) => be(person),
  speak: async (locale) => {
    const told = await tried("speak", { locale });
    if (told) store.setSnapshot(told);
  },
  click: (message, part) => started("click", { message: message.id, custom_id: part.custom_id }, { messageId: message.id, customId: part.custom_id }),
  select: (message, part, values) => started("select", { message: message.id, custom_id: part.custom_id, values }, { messageId: message.id, customId: part.custom_id }),
  useOnMessage: (message, command) => started("message_menu", { message: message.id, name: command.name }, { command: command.name, menu: true }),
  useOnPerson: (person, command) => started("person_menu", { person: person.id, name: command.name, channel: store.channelId }, { command: command.name, menu: true }),
  react: (message, emoji) => tried("react", { message: message.id, emoji }),
  remove: (message) => tried("delete", { message: message.id }),
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  menu: (event, message) => messageMenu(event, message, deeds),
  emoji: (event, message) => emojiMenu(event, message, deeds),
  person: (event, person) => personMenu(event, person, deeds),
  start: (name, values) => composer.start(named(name), values),
  key: messageKey,
};

/** Arrow keys walk from message to message, the menu key opens what can be done with one. */
function messageKey(event, message) {
  if (event.target !== event.currentTarget) return;
  if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return messageMenu(event, message, deeds);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...document.querySelectorAll("[data-message]")];
  (all[all.indexOf(event.currentTarget) + step] ?? event.currentTarget).focus();
}

async function be(person) {
  const told = await tried("be", { person });
  if (!told) return;
  localStorage.setItem(PERSON_KEY, told.world.me.id);
  store.started.clear();
  store.unread.clear();
  store.setSnapshot(told);
}

function interaction(change) {
  if (change.state === "modal" && store.started.has(change.id)) openModal(change.id, change.modal, ask);
  store.progress(change);
}

function typing({ channel_id: channelId, user_id: userId }) {
  if (userId === store.world?.me.id) return;
  store.typing.set(userId, { channelId, until: Date.now() + 9000 });
  store.tell("typing");
}

async function connected(yes) {
  store.connected = yes;
  drawNotices();
  if (!yes) return;
  await be(localStorage.getItem(PERSON_KEY) ?? "");
  const { requests } = await ask("backstage");
  store.requests = requests;
  store.tell("requests");
  drawNotices();
}

const notices = h("div", { class: "notices" });
const shell = h("div", { class: "shell" });
const drawer = makeDrawer((lever, value) => ask("pull", { lever, value }));
const tour = onboarding(deeds);
const header = h("header", { class: "channel-head" });
const left = places(deeds);
const right = people(deeds);
const veil = h("div", { class: "drawer-veil", onclick: closeDrawers });

function drawNotices() {
  const bot = store.backstage?.bot;
  const lost = !store.connected;
  const down = !lost && bot && bot.state !== "running";
  fill(
    notices,
    lost ? h("div", { class: "notice bad", role: "alert" }, t(store.world ? "connection-lost" : "connecting")) : null,
    down ? h("div", { class: "notice bad", role: "alert" }, t(bot.state === "starting" ? "bot-starting" : "bot-down"), bot.state === "starting" ? null : h("button", { type: "button", class: "button secondary small", onclick: () => tried("pull", { lever: "start" }) }, t("bot-start"))) : null,
    store.world && localStorage.getItem(BANNER_KEY) !== "yes" ? h("div", { class: "notice" }, icon("lock"), t("banner"), iconButton("close", t("dismiss"), () => (localStorage.setItem(BANNER_KEY, "yes"), drawNotices()))) : null,
  );
}

function drawHeader() {
  if (!store.channel) return;
  const { name, type, nsfw, bot } = store.channel;
  fill(
    header,
    iconButton("menu", t("open-channels"), () => openDrawer("places"), { class: "icon-button phone-only", "aria-controls": "places" }),
    icon(type === 1 ? "at" : type === 11 ? "thread" : "hash"),
    h("h2", { class: "channel-title" }, name),
    nsfw ? h("span", { class: "tag" }, t("age-restricted")) : null,
    bot === "write" ? null : h("span", { class: "tag wide-only" }, t(bot === "read" ? "bot-reads-only" : "bot-not-here")),
    h("span", { class: "grow" }),
    iconButton("book", t("tour-show"), () => tour.reopen()),
    iconButton("curtain", t("backstage-open"), () => drawer.toggle(), { "aria-controls": "drawer", "aria-expanded": String(!drawer.element.hidden) }),
    iconButton("people", t("open-people"), () => openDrawer("people"), { class: "icon-button narrow-only", "aria-controls": "people" }),
  );
}

function openDrawer(name) {
  shell.dataset.open = shell.dataset.open === name ? "" : name;
  if (shell.dataset.open) document.getElementById(name).querySelector("button")?.focus({ preventScroll: true });
}

function closeDrawers() {
  shell.dataset.open = "";
}

async function jump({ channelId, messageId }) {
  if (channelId !== store.channelId) store.choose(channelId);
  const message = document.getElementById(`message-${messageId}`);
  if (!message) return;
  message.scrollIntoView({ block: "center" });
  message.focus({ preventScroll: true });
  message.classList.add("found");
  setTimeout(() => message.classList.remove("found"), 1600);
}

/** Files dropped anywhere on the channel go to the message box, or to the command in it. */
function droppable(element) {
  const hint = h("div", { class: "drop-hint", "aria-hidden": "true" });
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  element.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    depth += 1;
    hint.textContent = t("drop-here", { name: composer.form ? `/${composer.form.entry.label}` : composer.place });
    element.append(hint);
  });
  element.addEventListener("dragleave", () => (depth -= 1) <= 0 && hint.remove());
  element.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  element.addEventListener("drop", (event) => {
    depth = 0;
    hint.remove();
    if (!carries(event)) return;
    event.preventDefault();
    composer.take([...event.dataTransfer.files]);
  });
  return element;
}

/** Keys that go nowhere else begin a message. */
function typeAnywhere(event) {
  const free = document.activeElement === document.body || document.activeElement?.matches("[data-message], .message-list");
  if (!free || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || composer.form) return;
  composer.box.focus();
}

store.on("world channel drawer", drawHeader);
store.on("world backstage", drawNotices);
store.on("channel close-drawers", closeDrawers);
store.on("channel", closePopup);
store.on("jump", jump);
addEventListener("keydown", typeAnywhere);
addEventListener("keydown", (event) => event.key === "Escape" && closeDrawers());
fill(shell, left, droppable(h("main", { class: "channel-main" }, header, tour.element, messageList(deeds), composer.element)), right, drawer.element, veil);
fill(document.getElementById("app"), notices, shell);
drawNotices();
startTicking();
