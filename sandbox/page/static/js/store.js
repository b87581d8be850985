/* What the page knows. Whoever shows some of it subscribes to the topics it shows. */

import { language, setLanguage } from "./i18n.js";

const PENDING_KEEP = 30;

class Store extends EventTarget {
  world = null;
  messages = new Map();
  channelId = null;
  unread = new Map();
  backstage = null;
  requests = [];
  connected = false;
  /** Interactions that this tab started, by id. */
  started = new Map();
  typing = new Map();

  /** Call `listener` on each of the topics. */
  on(topics, listener) {
    topics.split(" ").forEach((topic) => this.addEventListener(topic, (event) => listener(event.detail)));
  }

  tell(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  /** Everything anew: another person, another language, another time. */
  setSnapshot({ world, messages, backstage }) {
    this.setWorld(world, true);
    if (messages) this.messages = new Map(Object.entries(messages));
    if (backstage) this.setBackstage(backstage);
    this.choose(this.channels.some((channel) => channel.id === this.channelId) ? this.channelId : this.channels[0].id);
    this.tell("world");
  }

  setWorld(world, quiet = false) {
    this.world = world;
    this.ahead = world.now - Date.now();
    if (language() !== world.me.locale.slice(0, 2)) setLanguage(world.me.locale);
    if (!quiet) this.tell("world");
  }

  get channels() {
    return this.world ? [...this.world.servers.flatMap((server) => server.channels), this.world.direct] : [];
  }

  get channel() {
    return this.channels.find((channel) => channel.id === this.channelId) ?? null;
  }

  get server() {
    return this.serverOf(this.channelId);
  }

  serverOf(channelId) {
    return this.world?.servers.find((server) => server.channels.some((channel) => channel.id === channelId)) ?? null;
  }

  /** The people of the open channel. */
  get members() {
    if (this.server) return this.server.members;
    return this.world ? [{ ...this.world.bot, bot: true }, { id: this.world.me.id, name: this.world.me.name }] : [];
  }

  /** A person's name by id, as far as this person could know it. */
  nameOf(userId) {
    const known = [...this.members, ...(this.world?.people ?? []), this.world?.bot ?? {}];
    return known.find((person) => person.id === userId)?.name ?? null;
  }

  choose(channelId) {
    this.channelId = channelId;
    this.unread.delete(channelId);
    this.tell("channel");
  }

  get shown() {
    return this.messages.get(this.channelId) ?? [];
  }

  put(message) {
    const list = this.messages.get(message.channel_id) ?? [];
    const at = list.findIndex((one) => one.id === message.id);
    if (at >= 0) list[at] = message;
    else list.push(message);
    this.messages.set(message.channel_id, list);
    if (at < 0 && message.channel_id !== this.channelId) {
      const mine = message.mentions?.some((user) => user.id === this.world.me.id);
      const before = this.unread.get(message.channel_id) ?? { mentions: 0 };
      this.unread.set(message.channel_id, { mentions: before.mentions + (mine ? 1 : 0) });
      this.tell("unread");
    }
    this.typing.delete(message.author.id);
    this.tell("message", { message, isNew: at < 0 });
  }

  remove(channelId, messageId) {
    const list = this.messages.get(channelId) ?? [];
    this.messages.set(channelId, list.filter((one) => one.id !== messageId));
    this.tell("gone", { channelId, messageId });
  }

  setBackstage(state) {
    this.backstage = state;
    this.tell("backstage");
  }

  addRequest(request) {
    this.requests.push(request);
    if (this.requests.length > 200) this.requests.shift();
    this.tell("request", request);
  }

  /** Remember an interaction of this tab; `where` says what to mark while it runs. */
  start(interactionId, where) {
    this.started.set(interactionId, { state: "sent", ...where });
    if (this.started.size > PENDING_KEEP) this.started.delete(this.started.keys().next().value);
    this.tell("interaction", { id: interactionId });
  }

  progress(change) {
    const known = this.started.get(change.id);
    if (!known) return;
    known.state = change.state;
    if (["answered", "thinking", "modal"].includes(change.state)) this.started.delete(change.id);
    this.tell("interaction", { id: change.id, change, where: known });
  }

  forget(interactionId) {
    this.started.delete(interactionId);
    this.tell("interaction", { id: interactionId });
  }

  /** Now, in milliseconds, by the sandbox's clock. */
  now() {
    return Date.now() + (this.ahead ?? 0);
  }
}

export const store = new Store();
