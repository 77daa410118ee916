// What the reviewer did, sent one by one in the background, each with the version that the one before it made. Nothing is dropped but what
// the service refuses.

import { Expired, renew } from "../session.js";
import { request } from "./wire.js";

const SHORTEST_MS = 1000;
const LONGEST_MS = 15_000;

/**
 * @typedef {{path: "changes"|"undo"|"redo"|"approval", body?: any, renewed?: boolean}} Job
 * @typedef {{took(sheet: any, job: Job): void, refused(job: Job, body: any): void, stale(job: Job): void, expired(): void,
 *   lost(lost: boolean): void, moved(): void}} Listener
 */
export class Outbox {
  #form;
  #listener;
  #running = false;
  #pause = SHORTEST_MS;
  #wake = () => {};
  #idle = [];
  /** @type {Job[]} */
  jobs = [];
  version;
  resting = false;

  /** @param {string} form @param {number} version @param {Listener} listener */
  constructor(form, version, listener) {
    this.#form = form;
    this.version = version;
    this.#listener = listener;
    addEventListener("online", () => this.#wake());
  }

  /** @param {Job} job */
  push(job) {
    this.jobs.push(job);
    this.#listener.moved();
    this.#run();
  }

  /** Nothing is on its way, nor waits for a login or a look at what is different. @returns {Promise<boolean>} whether all of it was answered */
  async idle() {
    while (this.jobs.length) if (!(await new Promise((resolve) => this.#idle.push(resolve)))) return false;
    return true;
  }

  goOn() {
    this.resting = false;
    this.#wake();
    this.#run();
  }

  /** Everything that is still here, which then is not. @returns {Job[]} */
  empty() {
    this.resting = false;
    const left = this.jobs.splice(0);
    for (const resolve of this.#idle.splice(0)) resolve(false);
    return left;
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    while (this.jobs.length && !this.resting) await this.#send(this.jobs[0]);
    this.#running = false;
    if (!this.jobs.length) for (const resolve of this.#idle.splice(0)) resolve(true);
    this.#listener.moved();
  }

  async #send(job) {
    const { status, body, wait } = await request("POST", `/forms/${this.#form}/${job.path}`, { body: job.body ?? {}, version: this.version });
    this.#listener.lost(status === 0);
    if (status === 0 || status === 429 || status >= 500) return this.#later(wait);
    this.#pause = SHORTEST_MS;
    if (status === 200) {
      this.jobs.shift();
      this.version = body.version;
      return this.#listener.took(body, job);
    }
    if (status === 401) return this.#rest(() => this.#listener.expired());
    if (status === 412) return this.#rest(() => this.#listener.stale(job));
    if (body.code === "cross_site" && !job.renewed) return this.#anew(job);
    this.jobs.shift();
    return this.#listener.refused(job, body);
  }

  #rest(tell) {
    this.resting = true;
    tell();
  }

  #later(seconds) {
    const milliseconds = seconds * 1000 || this.#pause;
    this.#pause = Math.min(this.#pause * 2, LONGEST_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The page's secret is of an earlier session: once more with that of the present one. */
  async #anew(job) {
    try {
      await renew();
      job.renewed = true;
    } catch (error) {
      if (error instanceof Expired) this.#rest(() => this.#listener.expired());
      else await this.#later(0);
    }
  }
}
