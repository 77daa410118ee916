// What contradicts itself, first of all: the machine's words, the cells, and 原件如此 for what the paper itself has wrong.

import { make, part } from "./elements.js";
import { say } from "../wording.js";

const WORST = ["error", "warning", "info"];

export class Findings {
  #model;
  #label;

  /**
   * @param {import("./model.js").Model} model @param {(path: string) => string} label
   * @param {{go(path: string): void, close(index: number, note: string): void}} listener
   */
  constructor(model, label, listener) {
    this.#model = model;
    this.#label = label;
    const list = part("findings-list");
    list.addEventListener("click", ({ target }) => {
      const link = target.closest("[data-go]");
      if (link) listener.go(link.dataset.go);
    });
    list.addEventListener("submit", (event) => {
      event.preventDefault();
      listener.close(Number(event.target.dataset.index), event.target.querySelector("input").value.trim());
    });
    this.refresh();
  }

  /** The findings as they stand now; a note that is being written stays. */
  refresh() {
    const list = part("findings-list");
    const notes = new Map([...list.querySelectorAll("form")].map((form) => [form.dataset.rule, form.querySelector("input").value]));
    const focused = document.activeElement?.closest?.("#findings-list form")?.dataset.rule;
    const open = new Set(this.#model.open().map(({ index }) => index));
    const all = this.#model.sheet.record.findings.map((finding, index) => ({ finding, index }));
    all.sort((one, other) => Number(open.has(other.index)) - Number(open.has(one.index)) || WORST.indexOf(one.finding.severity) - WORST.indexOf(other.finding.severity));
    list.replaceChildren(...all.map(({ finding, index }) => this.#item(finding, index, open.has(index), notes)));
    part("findings").hidden = !all.length;
    part("findings-count").textContent = String(open.size);
    if (focused) [...list.querySelectorAll("form")].find((form) => form.dataset.rule === focused)?.querySelector("input").focus({ preventScroll: true });
  }

  /** The note of the finding at place `index`, or of the first that is open; whether there is one. */
  focus(index = this.#model.open()[0]?.index) {
    const note = part("findings-list").querySelector(`form[data-index="${index}"] input`);
    note?.focus();
    note?.scrollIntoView({ block: "nearest" });
    return note !== null;
  }

  #item(finding, index, open, notes) {
    const closed = this.#model.sheet.closed.includes(index);
    const cells = [...new Set(finding.cells.map((cell) => this.#model.at(cell)))];
    const jumps = cells.map((cell) => make("button", { type: "button", class: "jump", data: { go: cell } }, this.#label(cell)));
    const words = [
      make("span", { class: `chip ${finding.severity}` }, say(`severity.${finding.severity}`)),
      make("span", { class: "chip" }, say(closed ? "review.closed" : this.#model.pending(finding) ? "review.pending" : `verdict.${finding.verdict}`)),
      make("span", { class: "message" }, finding.message),
    ];
    const item = make("li", { class: `finding ${finding.severity}${open ? " open" : ""}` }, make("p", {}, ...words), make("p", { class: "jumps" }, ...jumps));
    if (open) item.append(this.#form(finding, index, notes));
    return item;
  }

  #form(finding, index, notes) {
    const rule = `${finding.rule} ${finding.cells.join(" ")}`;
    const note = make("input", { maxLength: 500, placeholder: say("review.note"), value: notes.get(rule) ?? "", aria: { label: say("review.note_of", { message: finding.message }) } });
    return make("form", { class: "as-printed", data: { index, rule } }, note, make("button", { type: "submit", class: "quiet" }, say("review.on_paper")));
  }
}
