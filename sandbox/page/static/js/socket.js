/* The line to the sandbox: questions with answers, and events. */

export class Socket {
  constructor({ onevent, onstate }) {
    this.waiting = new Map();
    this.next = 1;
    this.pause = 300;
    this.onevent = onevent;
    this.onstate = onstate;
    this.open();
  }

  open() {
    this.line = new WebSocket(`ws://${location.host}/socket`);
    this.line.addEventListener("open", () => {
      this.pause = 300;
      this.onstate(true);
    });
    this.line.addEventListener("message", (frame) => this.take(JSON.parse(frame.data)));
    this.line.addEventListener("close", () => this.lost());
  }

  lost() {
    for (const { reject } of this.waiting.values()) reject(new Error("connection lost"));
    this.waiting.clear();
    this.onstate(false);
    setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, 5000);
  }

  take(told) {
    if (told.event) return this.onevent(told);
    const asked = this.waiting.get(told.id);
    this.waiting.delete(told.id);
    if (told.ok) asked?.resolve(told.result);
    else asked?.reject(new Error(told.error));
  }

  /** Do something; what the sandbox answers. Rejects with the words of a refusal. */
  ask(what, args = {}) {
    if (this.line.readyState !== WebSocket.OPEN) return Promise.reject(new Error("not connected"));
    const id = (this.next += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.line.send(JSON.stringify({ ...args, id, do: what }));
    });
  }
}

/** Give files to the sandbox; the values that stand for them in actions. */
export async function upload(files) {
  const form = new FormData();
  files.forEach((file) => form.append("files", file, file.name));
  const response = await fetch("/uploads", { method: "POST", body: form });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()).map((entry) => entry.id);
}
