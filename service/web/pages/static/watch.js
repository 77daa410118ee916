// How documents come along. One connection listens to the one that is next; the others are asked for in turn.

import { Expired, ask } from "./session.js";

// A browser gives one host six connections over all its windows. A window that held more than one open would starve the others.
const ROUND_MS = 1500;
const AT_ONCE = 4;
const DEAF_MS = 30_000;

const STAGES = { none: "done", waiting: "review", returned: "returned", approved: "approved" };
const LONGEST = ["returned", "review", "taken", "approved", "done"];
const OPEN = ["waiting", "returned"];

/** Whether a person has something to do with a form. */
export const waits = (form) => OPEN.includes(form.reviewed.state);

const stageOfForm = (form) => (waits(form) && form.reviewed.taken_by ? "taken" : STAGES[form.reviewed.state]);

/** 排队 · 识别中 · 失败, then what people have to do with it, as service/web/pages/standing.py says it. */
export function stageOf(standing) {
  if (standing.state !== "done") return standing.state;
  const stages = standing.forms.map(stageOfForm);
  return LONGEST.find((stage) => stages.includes(stage)) ?? "done";
}

/** Who works on the form that keeps a document, or has sent it back or approved it last; and when. */
export function whose(standing) {
  const stage = stageOf(standing);
  const kept = standing.forms.filter((form) => stageOfForm(form) === stage).map((form) => form.reviewed);
  if (stage === "taken") return { who: kept[0].taken_by, at: "" };
  const [last] = kept.sort((one, other) => (one.at < other.at ? 1 : -1));
  return { who: last?.by ?? "", at: last?.at ?? "" };
}

export const ended = (standing) => standing.state === "done" || standing.state === "failed";

export class Watch {
  #tell;
  #expired;
  #waiting = new Set();
  #source = null;
  #deafUntil = 0;
  #resting = false;
  #timer = 0;

  /** `tell(standing)` hears of every change; `expired()` that nobody is logged in any more, until `goOn`. */
  constructor(tell, expired) {
    this.#tell = tell;
    this.#expired = expired;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stopListening() : this.#listen()));
  }

  add(id) {
    this.#waiting.add(id);
    this.goOn();
  }

  goOn() {
    this.#resting = false;
    this.#listen();
    this.#timer ||= setTimeout(() => this.#round(), ROUND_MS);
  }

  #hear(standing) {
    if (!this.#waiting.has(standing.id)) return;
    if (ended(standing)) this.#waiting.delete(standing.id);
    this.#tell(standing);
  }

  #listen() {
    const [next] = this.#waiting;
    if (this.#source || !next || document.hidden || this.#resting || Date.now() < this.#deafUntil) return;
    const source = new EventSource(`/api/v1/documents/${next}/events`);
    this.#source = source;
    source.id = next;
    source.addEventListener("state", (event) => {
      const standing = JSON.parse(event.data);
      this.#hear(standing);
      if (ended(standing)) {
        this.#stopListening();
        this.#listen();
      }
    });
    source.addEventListener("error", () => {
      // while it connects again, and where it was refused, the document is asked for like the others
      source.id = "";
      if (source.readyState === EventSource.CLOSED) {
        this.#deafUntil = Date.now() + DEAF_MS;
        this.#stopListening();
      }
    });
    source.addEventListener("open", () => (source.id = next));
  }

  #stopListening() {
    this.#source?.close();
    this.#source = null;
  }

  async #round() {
    const asked = [...this.#waiting].filter((id) => id !== this.#source?.id).slice(0, AT_ONCE);
    for (const id of asked) {
      try {
        const standing = await ask(`/api/v1/documents/${id}`);
        this.#hear(standing);
        if (this.#waiting.delete(id)) this.#waiting.add(id); // to the end of the line
      } catch (error) {
        if (error instanceof Expired) {
          this.#resting = true;
          this.#stopListening();
          this.#expired();
          break;
        }
        if (error.cause === 404) this.#waiting.delete(id);
      }
    }
    this.#listen();
    this.#timer = this.#waiting.size && !this.#resting ? setTimeout(() => this.#round(), ROUND_MS) : 0;
  }
}
