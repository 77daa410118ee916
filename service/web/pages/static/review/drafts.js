// What is typed and not yet sent: kept by the service at every change, and by this browser until the service has it.

import { request } from "./wire.js";

const PAUSE_MS = 400;

export class Drafts {
  #form;
  #key;
  #read;
  #tell;
  #timer = 0;
  #kept = "{}";
  #saving = Promise.resolve();

  /**
   * @param {string} form @param {string} user
   * @param {() => {version: number, texts: Record<string, string>}} read what is to be kept now
   * @param {(reply: import("./wire.js").Reply) => void} tell how it went
   */
  constructor(form, user, read, tell) {
    this.#form = form;
    this.#key = `formtally.draft.${user}.${form}`;
    this.#read = read;
    this.#tell = tell;
    addEventListener("online", () => this.touch());
  }

  /** What this browser still has from before; null where nothing. @returns {{version: number, texts: Record<string, string>}|null} */
  left() {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "null");
    } catch {
      return null;
    }
  }

  /** Something was typed or taken: keep it here at once, and there soon. */
  touch() {
    const now = this.#read();
    const texts = JSON.stringify(now.texts);
    this.#here(now);
    clearTimeout(this.#timer);
    if (texts !== this.#kept) this.#timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  /** Keep it there now. */
  save() {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#put());
    return this.#saving;
  }

  /** Nothing is left to keep. */
  forget() {
    clearTimeout(this.#timer);
    localStorage.removeItem(this.#key);
  }

  async #put() {
    const now = this.#read();
    const texts = JSON.stringify(now.texts);
    const reply = await request("PUT", `/forms/${this.#form}/draft`, { body: now });
    if (reply.status === 200) this.#kept = texts;
    else if (reply.status === 0) this.#timer = setTimeout(() => this.save(), 3000);
    this.#tell(reply);
  }

  #here(now) {
    try {
      if (Object.keys(now.texts).length) localStorage.setItem(this.#key, JSON.stringify(now));
      else localStorage.removeItem(this.#key);
    } catch {
      // a browser that keeps nothing: the service still does
    }
  }
}
