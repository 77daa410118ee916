// The equations that involve the active field, with the numbers that stand in the inputs; asked anew at every keystroke, the latest wins.

import { make, part } from "./elements.js";
import { has, say } from "../wording.js";
import { request } from "./wire.js";

export class Sums {
  #model;
  #form;
  #asking = new AbortController();
  #path = "";

  /**
   * @param {import("./model.js").Model} model @param {string} form
   * @param {(path: string) => void} go to a cell
   */
  constructor(model, form, go) {
    this.#model = model;
    this.#form = form;
    part("sums").addEventListener("click", ({ target }) => {
      const link = target.closest("[data-go]");
      if (link) go(model.at(link.dataset.go));
    });
  }

  /** Another field, or other numbers: what is known at once, then what the service finds. */
  show(path) {
    this.#path = path;
    const known = this.#model.equations(path);
    const changed = Object.keys(this.#model.unsent()).length > 0;
    this.#render(known, changed);
    if (known.length && changed) this.#ask(path);
    else this.#asking.abort();
  }

  async #ask(path) {
    this.#asking.abort();
    this.#asking = new AbortController();
    const body = { path, texts: this.#model.unsent() };
    try {
      const reply = await request("POST", `/forms/${this.#form}/equations`, { body, signal: this.#asking.signal });
      if (reply.status === 200 && path === this.#path) this.#render(reply.body.equations, false);
    } catch (error) {
      if (error.name !== "AbortError") throw error; // a later keystroke
    }
  }

  #render(equations, open) {
    const accusing = this.#model.accusing(this.#path).filter(({ index }) => this.#model.open().some((other) => other.index === index));
    part("sums-none").hidden = equations.length > 0 || accusing.length > 0;
    part("sums-list").replaceChildren(...equations.map((equation) => this.#equation(equation, open)));
    part("sums-said").replaceChildren(...accusing.map(({ finding }) => make("li", { class: finding.severity }, finding.message)));
  }

  #equation({ rule, terms, truth, expected, severity }, open) {
    const stands = open ? "open" : truth;
    const line = make("p", { class: "terms" }, ...terms.map((term) => this.#term(term, open)));
    const name = has(`rule.${rule}`) ? say(`rule.${rule}`) : rule;
    const head = make("p", { class: "rule" }, make("span", { class: "truth" }, say(`truth.${stands}`)), name);
    if (!open && expected) head.append(make("span", { class: "expected" }, say("review.expected", { text: expected })));
    return make("li", { class: `sum ${stands} ${severity}` }, head, line);
  }

  #term({ text, path, name }, open) {
    if (!path) return make("span", { class: "operator" }, text);
    const at = this.#model.at(path);
    const typed = Object.hasOwn(this.#model.unsent(), at);
    const shown = this.#model.hides(at) ? say("review.to_be_keyed") : open && typed ? this.#model.text(at) : text;
    const own = at === this.#path;
    return make("button", { type: "button", class: `term${own ? " own" : ""}`, title: name, data: { go: path }, aria: { label: `${name} ${shown}` } }, shown || "—");
  }
}
