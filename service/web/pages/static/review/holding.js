// The form is this reviewer's as long as he works on it, and again everybody's when he leaves.

import { request } from "./wire.js";

const KEEP_MS = 4 * 60_000; // it is given for 15 minutes

export class Holding {
  #form;
  #tell;
  #held = true; // whoever was led here by "next" holds it already; to give back what another holds does nothing

  /** @param {string} form @param {(reply: import("./wire.js").Reply) => void} tell whether it is his */
  constructor(form, tell) {
    this.#form = form;
    this.#tell = tell;
    setInterval(() => !document.hidden && this.#held && this.take(), KEEP_MS);
    addEventListener("pagehide", () => this.giveBack());
    addEventListener("pageshow", (event) => event.persisted && this.take());
  }

  async take() {
    const reply = await request("PUT", `/forms/${this.#form}/reservation`);
    this.#held = reply.status === 200;
    this.#tell(reply);
    return this.#held;
  }

  giveBack() {
    if (!this.#held) return Promise.resolve();
    this.#held = false;
    return request("DELETE", `/forms/${this.#form}/reservation`, { keepalive: true });
  }
}
