/* The message box: text with mentions and files, replies, edits, and slash commands. */

import { avatar } from "./avatar.js";
import { CommandForm } from "./command_form.js";
import { entries, matching, named } from "./commands.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { FileTray } from "./file_tray.js";
import { localised, t } from "./i18n.js";
import { upload } from "./socket.js";
import { store } from "./store.js";
import { Suggestions } from "./suggestions.js";

const TYPING_EVERY_MS = 8000;

export class Composer {
  constructor(ask) {
    this.ask = ask;
    this.form = null;
    this.replyTo = null;
    this.editing = null;
    this.suggestions = new Suggestions();
    this.tray = new FileTray();
    this.context = h("div", { class: "composer-context", hidden: true });
    this.problem = h("div", { class: "composer-problem", role: "alert" });
    this.box = h("textarea", { class: "box", rows: 1, role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", maxlength: 2000, oninput: () => this.typed(), onkeydown: (event) => this.key(event) });
    this.chooser = h("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", onchange: () => this.take([...this.chooser.files]) });
    this.line = h("div", { class: "composer-line" });
    this.element = h("div", { class: "composer" }, this.suggestions.element, this.context, h("div", { class: "composer-frame" }, this.tray.element, this.line), this.problem, this.chooser);
    this.element.addEventListener("paste", (event) => this.pasted(event));
    this.element.addEventListener("focusout", (event) => this.element.contains(event.relatedTarget) || this.suggestions.hide());
    store.on("world channel", () => this.draw());
    store.on("use-command", (name) => this.start(named(name)));
  }

  draw() {
    if (!store.channel) return;
    const { name, type, may_send: allowed } = store.channel;
    const place = type === 1 ? `@${name}` : `#${name}`;
    if (this.drawnFor !== `${store.channelId} ${store.world.me.id}`) this.reset();
    this.drawnFor = `${store.channelId} ${store.world.me.id}`;
    this.place = place;
    this.box.placeholder = allowed ? t("message-box-command", { name: place }) : t("may-not-send");
    this.box.setAttribute("aria-label", t("message-box", { name: place }));
    this.box.disabled = !allowed;
    if (!this.form) this.showBox();
  }

  showBox() {
    fill(this.line, iconButton("plus", t("attach"), () => this.chooser.click(), { disabled: this.box.disabled }), this.box, iconButton("send", t("send"), () => this.send(), { class: "icon-button send", disabled: this.box.disabled }));
    this.grow();
  }

  reset() {
    this.form = null;
    this.replyTo = this.editing = null;
    this.box.value = "";
    this.tray.clear();
    this.suggestions.hide();
    this.complain("");
    this.drawContext();
    this.showBox();
  }

  complain(text) {
    this.problem.textContent = text;
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, innerHeight * 0.4)}px`;
  }

  typed() {
    this.grow();
    this.complain("");
    const text = this.box.value;
    const slash = /^\/([^\n]*)$/.exec(text);
    if (slash && !this.editing) return this.typedSlash(slash[1]);
    this.typedMention();
    if (text && Date.now() - (this.typedAt ?? 0) > TYPING_EVERY_MS) {
      this.typedAt = Date.now();
      this.ask("type", { channel: store.channelId }).catch(() => {});
    }
  }

  typedSlash(typed) {
    const exact = typed.endsWith(" ") && named(typed.trim());
    if (exact) return this.start(exact);
    const found = matching(typed);
    const note = found.length ? "" : t(entries().length ? "no-commands" : "no-commands-yet");
    const items = found.map((entry) => ({ label: `/${entry.label}`, detail: entry.detail, meta: entry.options.filter((option) => option.required).map((option) => localised(option, "name", store.world.me.locale)).join(" "), lead: avatar(store.world.bot, "small"), entry }));
    this.suggestions.show(this.box, { title: t("choose-command", { name: store.world.bot.name }), note, items, onpick: (item) => this.start(item.entry) });
  }

  typedMention() {
    const found = /(^|\s)@([^\s@]{0,32})$/.exec(this.box.value.slice(0, this.box.selectionStart));
    if (!found) return this.suggestions.hide();
    const wanted = found[2].toLowerCase();
    const people = store.members.filter((one) => one.name.toLowerCase().startsWith(wanted));
    if (!people.length) return this.suggestions.hide();
    this.suggestions.show(this.box, { title: t("people"), items: people.map((one) => ({ label: one.name, lead: avatar(one, "small") })), onpick: (item) => this.mention(item.label, found[2].length) });
  }

  mention(name, typed) {
    const at = this.box.selectionStart;
    this.box.setRangeText(`${name} `, at - typed, at, "end");
    this.suggestions.hide();
  }

  /** Fill in a command; `values` may preset some of its options. */
  start(entry, values = {}) {
    if (!entry) return;
    this.form = new CommandForm(entry, this.suggestions, { ask: (what, args) => this.ask(what, { channel: store.channelId, ...args }), send: (what, options) => this.sendCommand(what, options), leave: () => this.leave(), complain: (text) => this.complain(text) });
    this.box.value = "";
    fill(this.line, this.form.element, iconButton("send", t("send"), () => this.form.send(), { class: "icon-button send" }));
    this.form.takeFiles(this.tray.take());
    Object.entries(values).forEach(([name, text]) => this.form.preset(name, text));
    this.form.focus();
  }

  leave() {
    this.form = null;
    this.suggestions.hide();
    this.complain("");
    this.showBox();
    this.box.focus();
  }

  async sendCommand(entry, options) {
    const channel = store.channelId;
    const { interaction } = await this.ask("command", { channel, name: entry.name, options });
    store.start(interaction, { channelId: channel, command: `/${entry.name}` });
    this.leave();
  }

  key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.replyTo || this.editing)) this.reset();
    else if (event.key === "ArrowUp" && !this.box.value) this.editLast(event);
  }

  editLast(event) {
    const own = store.shown.findLast((message) => message.author.id === store.world.me.id);
    if (!own) return;
    event.preventDefault();
    this.edit(own);
  }

  /** Send at once; what was refused comes back into the box. */
  async send() {
    const draft = { text: this.box.value, files: this.tray.files, replyTo: this.replyTo, editing: this.editing, ping: this.ping };
    const text = this.withMentions(draft.text.trim());
    if (!text && !draft.files.length) return;
    this.reset();
    this.box.focus();
    try {
      if (draft.editing) await this.ask("edit", { message: draft.editing.id, text });
      else {
        const channel = store.channelId;
        const ids = draft.files.length ? await upload(draft.files) : [];
        await this.ask("say", { channel, text, files: ids, reply_to: draft.replyTo?.id, ping: draft.ping });
      }
    } catch (error) {
      this.restore(draft);
      this.complain(error.message);
    }
  }

  restore({ text, files, replyTo, editing }) {
    this.box.value = text;
    this.tray.add(files);
    Object.assign(this, { replyTo, editing });
    this.drawContext();
    this.grow();
  }

  /** `@Name` becomes the mention of that person; longer names first. */
  withMentions(text) {
    const people = [...store.members].sort((a, b) => b.name.length - a.name.length);
    return people.reduce((before, one) => before.replaceAll(`@${one.name}`, `<@${one.id}>`), text);
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  }

  /** Take files by picker, paste or drop. */
  take(files) {
    this.chooser.value = "";
    if (!files.length || this.box.disabled) return;
    if (this.form) this.form.takeFiles(files);
    else {
      this.tray.add(files);
      this.box.focus();
    }
  }

  reply(message) {
    this.reset();
    this.replyTo = message;
    this.ping = true;
    this.drawContext();
    this.box.focus();
  }

  edit(message) {
    this.reset();
    this.editing = message;
    this.box.value = message.content.replace(/<@!?(\d+)>/g, (_, id) => `@${store.nameOf(id) ?? id}`);
    this.drawContext();
    this.grow();
    this.box.focus();
  }

  drawContext() {
    const who = this.replyTo?.author;
    this.context.hidden = !who && !this.editing;
    if (this.context.hidden) return;
    const ping = who ? h("button", { type: "button", class: "ping", title: t("ping-title"), "aria-pressed": String(this.ping), onclick: () => ((this.ping = !this.ping), this.drawContext()) }, t(this.ping ? "ping-on" : "ping-off")) : null;
    fill(this.context, icon(who ? "reply" : "book"), h("span", {}, who ? t("replying-to", { name: store.nameOf(who.id) ?? who.username }) : t("editing")), ping, iconButton("close", t("cancel"), () => this.reset()));
  }
}
