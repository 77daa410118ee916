// A login that has ended: the page stays as it is, and goes on once its user has logged in in another window.

import { renew } from "../session.js";
import { part } from "./elements.js";

export class Login {
  #goOn;

  /** @param {() => void} goOn somebody is logged in again */
  constructor(goOn) {
    this.#goOn = goOn;
    part("login-again").addEventListener("click", () => this.#try());
    addEventListener("focus", () => part("expired").open && this.#try());
  }

  /** Nobody is logged in any more. */
  ended() {
    if (!part("expired").open) part("expired").showModal();
  }

  async #try() {
    try {
      await renew();
    } catch {
      return; // still nobody
    }
    part("expired").close();
    this.#goOn();
  }
}
