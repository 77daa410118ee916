// What a reviewer looks at for most of the day: the picture of the active field, its characters below, and the readings to choose from.

import { make, part } from "./elements.js";
import { doubted, runs } from "./marks.js";
import { turnOf } from "./turned.js";
import { say } from "../wording.js";

const LONG = 18; // characters that fill one line of the large input
const HUGE = 110; // that fill four lines of the small one: the page beside it is picture enough

export class Dock {
  #model;
  #form;
  #label;
  #pictures;
  #slot = {};
  path = "";

  /**
   * @param {import("./model.js").Model} model @param {string} form
   * @param {import("./pictures.js").Pictures} pictures
   * @param {(path: string) => string} label @param {(number: number) => void} choose
   */
  constructor(model, form, pictures, label, choose) {
    this.#model = model;
    this.#pictures = pictures;
    this.#form = form;
    this.#label = label;
    part("choices").addEventListener("click", ({ target }) => {
      const chip = target.closest("button");
      if (chip) choose(Number(chip.dataset.number));
    });
    const slot = part("slot");
    const bench = part("bench");
    part("crop").addEventListener("load", () => part("crop").classList.remove("old"));
    part("paper-scroll").addEventListener("scroll", ({ target }) => target.matches("textarea") && (part("marks").scrollTop = target.scrollTop), true);
    new ResizeObserver(() => {
      const from = bench.getBoundingClientRect();
      const { top, left, width, height } = slot.getBoundingClientRect();
      this.#slot = { top: top - from.top, left: left - from.left, width, height };
      this.#place();
    }).observe(slot);
  }

  /** The active input into its slot. Its cell alone is told where that is: what the whole form is told makes all its cells be styled anew. */
  #place() {
    const cell = document.querySelector(".cell.active");
    if (cell) for (const [name, value] of Object.entries(this.#slot)) cell.style.setProperty(`--slot-${name}`, `${value}px`);
  }

  /** Another field. */
  show(path) {
    this.path = path;
    const dock = part("dock");
    const length = this.#model.text(path).length;
    part("bench").classList.toggle("huge", length > HUGE);
    part("bench").classList.toggle("long", length > LONG);
    this.#place();
    part("where").textContent = this.#label(path);
    this.#picture(path);
    this.refresh();
    dock.dataset.path = path;
  }

  /** What is said about the field that is on show. */
  refresh() {
    const path = this.path;
    const field = this.#model.fields.get(path);
    if (!field) return;
    this.#tint(path);
    const status = this.#model.status(path);
    const keying = this.#model.keying(path);
    const what = part("what");
    what.className = `chip ${status}`;
    what.textContent = say(keying ? `keying.${keying}` : `status.${status}`);
    const share = Math.floor(field.confidence * 1000) / 10; // 99.99 % is not 100
    part("how-sure").textContent = keying || this.#model.settled(path) ? "" : say("review.sure", { share });
    part("read-as").textContent = field.read_as ? say("review.read_as", { text: field.read_as }) : "";
    this.mark();
    this.#choices(path);
  }

  /** The characters of what stands in the input now. */
  mark() {
    const path = this.path;
    const field = this.#model.fields.get(path);
    const text = this.#model.text(path);
    const others = field && !this.#model.settled(path) ? [...field.alternatives.map((other) => other.text), ...(field.read_as ? [field.read_as] : [])] : [];
    const doubts = doubted(text, others.filter((other) => other !== text));
    const guarded = field && text === field.text ? (field.protected ?? []) : [];
    part("marks").replaceChildren(...runs(text, doubts, guarded).map(({ text: run, kind }) => make("span", { class: kind }, run)));
    const said = [doubts.some(Boolean) ? say("review.doubted") : "", guarded.length ? say(guarded.every(Boolean) ? "review.guarded" : "review.loose") : ""];
    part("marks-said").textContent = said.filter(Boolean).join(" ");
    for (const chip of part("choices").querySelectorAll("button")) chip.ariaPressed = String(chip.dataset.text === text);
  }

  /** The cut-out: from the page that is here already, else from the service, which takes longer. */
  async #picture(path) {
    const place = this.#model.places.get(path) ?? this.#model.fields.get(path);
    const [crop, cut] = [part("crop"), part("cut")];
    const said = say("script.crop", { label: this.#label(path), text: this.#model.fields.get(path)?.text ?? "" });
    cut.setAttribute("aria-label", said);
    crop.alt = said;
    const turn = turnOf(this.#model.sheet.record, place.page);
    if (this.#pictures.cut(cut, place, turn)) return this.#shown(false);
    this.#shown(turn === 0);
    crop.classList.add("old");
    crop.src = this.#source(path, place);
    await this.#pictures.page(place.page);
    if (this.path === path && this.#pictures.cut(cut, place, turn)) this.#shown(false);
    return undefined;
  }

  #shown(fetched) {
    part("crop").hidden = !fetched;
    part("cut").hidden = fetched;
  }

  #choices(path) {
    const choices = this.#model.choices(path);
    const several = choices.length > 1 || (choices.length === 1 && choices[0].text !== this.#model.text(path));
    const made = choices.map(({ text, confidence, user }, index) => {
      const share = user ?? (confidence === undefined ? "" : `${Math.floor(confidence * 1000) / 10} %`);
      const inside = [make("kbd", {}, user ? `Alt+${index + 1}` : String(index + 1)), make("span", { class: "reading" }, text || "—"), ...(share ? [make("small", {}, share)] : [])];
      const chip = make("button", { type: "button", class: "choice", data: { number: index + 1, text }, aria: { pressed: String(text === this.#model.text(path)) } }, ...inside);
      return make("li", {}, chip);
    });
    part("choices").replaceChildren(...(several ? made : []));
  }

  #tint(path) {
    const dock = part("dock");
    dock.className = `dock is-${this.#model.status(path)}`;
  }

  /** The box is part of the address: another box is another picture. */
  #source(path, place) {
    return `/api/v1/forms/${this.#form}/fields/${encodeURIComponent(path)}/crop.png?box=${place.box.join(",")}`;
  }
}
