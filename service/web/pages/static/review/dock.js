// What a reviewer looks at for most of the day: the picture of the active field, its characters below, and the readings to choose from.

import { make, part } from "./elements.js";
import { differing, doubted, runs } from "./marks.js";
import { turnOf } from "./turned.js";
import { say } from "../wording.js";

const LONG = 18; // characters that fill one line of the large input
const HUGE = 110; // that fill four lines of the small one: the page beside it is picture enough

export class Dock {
  #model;
  #label;
  #pictures;
  #slot = {};
  path = "";

  /**
   * @param {import("./model.js").Model} model
   * @param {import("./pictures.js").Pictures} pictures
   * @param {(path: string) => string} label @param {(number: number) => void} choose
   */
  constructor(model, pictures, label, choose) {
    this.#model = model;
    this.#pictures = pictures;
    this.#label = label;
    part("choices").addEventListener("click", ({ target }) => {
      const chip = target.closest("button");
      if (chip) choose(Number(chip.dataset.number));
    });
    const slot = part("slot");
    const bench = part("bench");
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
    this.#tint(path); // it says how much room the picture has
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
    part("how-sure").textContent = keying || this.#model.certain(path) ? "" : say("review.sure", { share });
    part("read-as").textContent = field.read_as ? say("review.read_as", { text: field.read_as }) : "";
    this.mark();
    this.#choices(path);
  }

  /** The characters of what stands in the input now. */
  mark() {
    const path = this.path;
    const field = this.#model.fields.get(path);
    const text = this.#model.text(path);
    const others = field && !this.#model.certain(path) ? [...field.alternatives.map((other) => other.text), ...(field.read_as ? [field.read_as] : [])] : [];
    const doubts = doubted(text, others.filter((other) => other !== text));
    const guarded = field && text === field.text ? (field.protected ?? []) : [];
    part("marks").replaceChildren(...runs(text, doubts, guarded).map(({ text: run, kind }) => make("span", { class: kind }, run)));
    const said = [doubts.some(Boolean) ? say("review.doubted") : "", guarded.length ? say(guarded.every(Boolean) ? "review.guarded" : "review.loose") : ""];
    part("marks-said").textContent = said.filter(Boolean).join(" ");
    for (const chip of part("choices").querySelectorAll("button")) chip.ariaPressed = String(chip.dataset.text === text);
  }

  /** The cut-out of the page: reduced where nothing better has come, and drawn again when that has. */
  async #picture(path) {
    const place = this.#model.places.get(path) ?? this.#model.fields.get(path);
    const cut = part("cut");
    cut.setAttribute("aria-label", say("script.crop", { label: this.#label(path), text: this.#model.fields.get(path)?.text ?? "" }));
    const turn = turnOf(this.#model.sheet.record, place.page);
    const drawn = () => {
      if (this.path === path) cut.hidden = !this.#pictures.cut(cut, place, turn);
    };
    drawn();
    if (this.#pictures.sharp(place.page)) return;
    await this.#pictures.page(place.page);
    drawn();
    await this.#pictures.whole(place.page);
    drawn();
  }

  #choices(path) {
    const choices = this.#model.choices(path);
    const several = choices.length > 1 || (choices.length === 1 && choices[0].text !== this.#model.text(path));
    const made = choices.map(({ text, confidence, user }, index) => {
      const share = user ?? (confidence === undefined ? "" : `${Math.floor(confidence * 1000) / 10} %`);
      const key = user ? `Alt+${index + 1}` : String(index + 1);
      const others = index ? choices.slice(0, 1) : choices.slice(1);
      const told = differing(text, others.map((other) => other.text)).map((run) => (run.differs ? make("mark", {}, run.text) : run.text));
      const inside = [make("kbd", {}, key), make("span", { class: "reading" }, ...(text ? told : ["—"])), ...(share ? [make("small", {}, share)] : [])];
      const aria = { pressed: String(text === this.#model.text(path)), label: `${key} ${text || "—"} ${share}` };
      const chip = make("button", { type: "button", class: "choice", title: text, data: { number: index + 1, text }, aria }, ...inside);
      return make("li", {}, chip);
    });
    part("choices").replaceChildren(...(several ? made : []));
  }

  #tint(path) {
    const bare = this.#model.text(path).length > LONG && !this.#model.equations(path).length && !this.#model.accused(path);
    part("dock").className = `dock is-${this.#model.status(path)}${bare ? " alone" : ""}`;
  }
}
