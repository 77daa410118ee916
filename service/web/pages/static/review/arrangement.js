// Which pages make which form, and by which template: asked for when the panel is opened; each action is one step that is undone as a whole.

import { say } from "../wording.js";
import { ask } from "./asking.js";
import { make, part } from "./elements.js";
import { request } from "./wire.js";

/**
 * @typedef {{document: string, number: number, changed(): void, ceased(version: number): void, turning(page: number): void,
 *   refused(reply: import("./wire.js").Reply): void}} Given
 *   `number`: of the form on the desk; `ceased`: it is none any more, and `version` is what an undo names
 */
export class Arrangement {
  #given;

  /** @param {Given} given */
  constructor(given) {
    this.#given = given;
  }

  /** Open the panel. */
  async show() {
    const reply = await request("GET", `/documents/${this.#given.document}/arrangement`);
    if (reply.status !== 200) return this.#given.refused(reply);
    this.#render(reply.body);
    return ask("arrangement");
  }

  /** Take back the last arrangement. @param {number} version of the form on the desk */
  undo(version) {
    return this.#send("/undo", { form: this.#given.number, version });
  }

  async #send(path, body) {
    const reply = await request("POST", `/documents/${this.#given.document}/arrangement${path}`, { body });
    part("arrangement").close();
    if (reply.status !== 200) return this.#given.refused(reply);
    const { version, blocks } = reply.body.forms.find((form) => form.number === this.#given.number);
    return blocks.length ? this.#given.changed() : this.#given.ceased(version);
  }

  /** Read a page again the other way up, which takes some seconds. */
  async #turn(page, degrees, forms) {
    part("arrangement").close();
    this.#given.turning(page);
    const versions = Object.fromEntries(forms.map((form) => [form.number, form.version]));
    const reply = await request("POST", `/documents/${this.#given.document}/pages/${page}/turn`, { body: { degrees, versions } });
    if (reply.status !== 200) return this.#given.refused(reply);
    const { [this.#given.number]: version } = reply.body.versions; // none where the page is another form's
    return version === undefined || reply.body.forms.includes(this.#given.number) ? this.#given.changed() : this.#given.ceased(version);
  }

  #render({ pages, forms, templates }) {
    const versions = (...numbers) => Object.fromEntries(numbers.map((number) => [number, forms.find((form) => form.number === number).version]));
    const standing = forms.filter((form) => form.blocks.length);
    const made = standing.map((form) => this.#form(form, standing, templates, versions));
    const turns = pages.map((page) => this.#page(page, forms));
    part("arrangement-body").replaceChildren(...made, make("h3", {}, say("review.turn_page")), make("ul", { class: "arranged" }, ...turns));
  }

  #form(form, standing, templates, versions) {
    const { number } = form;
    const send = (action, more, ...others) => () => this.#send("", { action, form: number, versions: versions(number, ...others), ...more() });
    const name = say("review.form", { number });
    const template = this.#select(say("review.template_of", { form: name }), [...templates.map((each) => [each.name, each.title]), ["", say("kind.unknown")]], form.template);
    const head = [make("strong", {}, name), template, this.#button(say("review.read_as_that"), send("retemplate", () => ({ template: template.value })))];
    const others = standing.filter((other) => other.number !== number);
    if (others.length) {
      const other = this.#select(say("review.join_with", { form: name }), others.map((each) => [each.number, say("review.form", { number: each.number })]), others[0].number);
      const join = () => this.#send("", { action: "join", form: number, other: Number(other.value), versions: versions(number, Number(other.value)) });
      head.push(other, this.#button(say("review.join"), join));
    }
    if (form.undo) head.push(this.#button(say("review.undo"), () => this.#send("/undo", { form: number, version: form.version })));
    const blocks = form.blocks.map(([page, place], index) => {
      const line = [make("span", {}, say("review.block", { page, place: place + 1 }))];
      if (index) line.push(this.#button(say("review.split_here"), send("split", () => ({ at: [page, place], template: form.template }))));
      if (index === 0 || form.blocks[index - 1][0] !== page) line.push(this.#button(say("review.exclude"), send("exclude", () => ({ page }))));
      return make("li", {}, ...line);
    });
    const mine = number === this.#given.number ? "mine" : "";
    return make("section", { class: mine }, make("p", { class: "inline" }, ...head), make("ul", { class: "arranged" }, ...blocks));
  }

  #page({ page, excluded, turned }, forms) {
    const turns = [[270, "⟲ 90°"], [90, "⟳ 90°"], [180, "180°"]].map(([degrees, text]) =>
      this.#button(text, () => this.#turn(page, (turned + degrees) % 360, forms), say("review.turn_by", { page, degrees })),
    );
    return make("li", {}, make("span", {}, say("script.page", { number: page }) + (excluded ? say("review.excluded") : "")), ...turns);
  }

  #button(text, click, label = text) {
    return make("button", { type: "button", class: "quiet", onclick: click, aria: { label } }, text);
  }

  #select(label, options, value) {
    const made = make("select", { aria: { label } }, ...options.map(([key, text]) => make("option", { value: String(key) }, text)));
    made.value = String(value);
    return made;
  }
}
