// The inputs in the shape of the paper. The one that has the focus is laid into the dock, below its picture; its cell keeps showing the text.

import { part } from "./elements.js";
import { say, has } from "../wording.js";

export class Paper {
  #model;
  /** @type {Map<string, HTMLTextAreaElement>} */
  entries = new Map();
  active = "";
  #accused = new Set();
  /** @type {WeakMap<HTMLTextAreaElement, string>} */
  #written = new WeakMap();

  /**
   * @param {import("./model.js").Model} model
   * @param {{focused(path: string): void, typed(path: string): void}} listener
   */
  constructor(model, listener) {
    this.#model = model;
    const scroll = part("paper-scroll");
    scroll.addEventListener("focusin", ({ target }) => target.dataset.path && listener.focused(target.dataset.path));
    scroll.addEventListener("input", ({ target }) => {
      const { path } = target.dataset;
      if (!path) return;
      if (target.value.includes("\n")) target.value = target.value.replace(/\s*\n\s*/g, ""); // pasted: a value is one line
      model.type(path, target.value);
      this.write(path);
      listener.typed(path);
    });
    scroll.addEventListener("click", ({ target }) => {
      const cell = target.closest(".cell");
      if (cell && !target.matches("textarea")) cell.querySelector("textarea").focus({ preventScroll: true });
    });
    this.find();
  }

  /** The inputs that stand in the page now. */
  find() {
    this.entries = new Map([...document.querySelectorAll("#paper-scroll textarea.entry")].map((entry) => [entry.dataset.path, entry]));
  }

  label(path) {
    return this.entries.get(path)?.getAttribute("aria-label") ?? path;
  }

  paths() {
    return [...this.entries.keys()];
  }

  /** Let the input of `path` have the focus, its text chosen. */
  focus(path) {
    const entry = this.entries.get(path);
    if (!entry) return;
    entry.focus({ preventScroll: true });
    entry.select();
  }

  /** Mark the cell of `path` as the active one, in view. */
  activate(path) {
    const before = this.entries.get(this.active);
    if (before) before.closest(".cell").classList.remove("active");
    this.active = path;
    const cell = this.entries.get(path)?.closest(".cell");
    if (!cell) return;
    cell.classList.add("active");
    if (matchMedia("(max-width: 60rem)").matches) part("bench").scrollIntoView({ block: "start" });
    const view = part("paper-scroll");
    const { top, bottom } = cell.getBoundingClientRect();
    const { top: upper, bottom: lower } = view.getBoundingClientRect();
    if (top < upper + 40 || bottom > lower - 40) view.scrollTop += (top + bottom) / 2 - (upper + lower) / 2;
  }

  /** Put a text into an input. */
  fill(path, text) {
    this.#model.type(path, text);
    this.write(path);
  }

  /** Everything as it stands now, but for what is being typed. */
  refresh() {
    this.#accused = new Set(this.#model.open().flatMap(({ finding }) => finding.cells.map((cell) => this.#model.at(cell))));
    for (const path of this.entries.keys()) this.write(path);
  }

  /** One input and its cell as they stand now; what is as it was costs nothing. @param {string} path */
  write(path) {
    const entry = this.entries.get(path);
    if (!entry) return;
    const text = this.#model.text(path);
    const status = this.#model.status(path);
    const typed = this.#model.typed.has(path);
    const accused = this.#accused.has(path);
    if (entry.value !== text) entry.value = text;
    const keying = this.#model.keying(path);
    const state = `${status} ${typed} ${accused} ${keying} ${text}`;
    if (this.#written.get(entry) === state) return;
    this.#written.set(entry, state);
    const cell = entry.closest(".cell");
    cell.className = ["cell", status, typed && "typed", accused && "accused", keying && "by-two", path === this.active && "active"].filter(Boolean).join(" ");
    cell.querySelector(".ghost").textContent = text || "　";
    const sign = typed ? say("review.sign_typed") : has(`sign.${status}`) && status !== "blank" ? say(`sign.${status}`) : "";
    cell.querySelector(".sign").textContent = (keying && !typed ? say(`keying_sign.${keying}`) : sign) + (accused ? say("sign.finding") : "");
    entry.setAttribute("aria-description", [typed ? say("review.typed") : say(keying ? `keying.${keying}` : `status.${status}`), accused && say("record.accused")].filter(Boolean).join(say("review.comma")));
  }
}
