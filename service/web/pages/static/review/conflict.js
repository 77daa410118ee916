// Somebody else has changed the form: what is different is shown beside what was typed here, and nothing of that is lost.

import { make, part } from "./elements.js";
import { say } from "../wording.js";
import { ask } from "./asking.js";
import { request } from "./wire.js";

/**
 * @typedef {{path: string, before: string|null, after: string|null, user: string, at: string}} Difference
 * @param {string} form @param {number} version that was seen
 * @returns {Promise<{version: number, fields: Difference[]}|null>} null where it could not be asked
 */
export async function differencesSince(form, version) {
  const { status, body } = await request("GET", `/forms/${form}/differences?version=${version}`);
  return status === 200 ? body : null;
}

/**
 * Whether all that changed is what was sent from here: the reply was lost on its way.
 * @param {{path: string, text: string}[]} stands what is the reviewer's own where the record does not tell it: keyed by him and nobody else
 */
export function ourOwn(found, job, user, stands) {
  const said = new Map((job.body?.changes ?? []).filter((change) => change.action === "set_field").map((change) => [change.path, change.text]));
  const theirs = found.fields.some((field) => field.user !== user || (said.get(field.path) ?? field.after) !== field.after);
  return !theirs && [...said].some(([path, text]) => stands.some((own) => own.path === path && own.text === text) || found.fields.some((field) => field.path === path));
}

/**
 * Show both; `true` where the reviewer's own texts are to be laid on again.
 * @param {Difference[]} fields @param {Record<string, string>} mine @param {(path: string) => string} label
 */
export function showConflict(fields, mine, label) {
  const paths = [...new Set([...fields.map((field) => field.path), ...Object.keys(mine)])];
  const rows = paths.map((path) => {
    const theirs = fields.find((field) => field.path === path);
    const clash = theirs && path in mine && mine[path] !== theirs.after;
    const cells = [theirs?.before ?? "—", theirs ? `${theirs.after ?? "—"}${theirs.user ? `（${theirs.user}）` : ""}` : say("review.same"), mine[path] ?? "—"];
    return make("tr", { class: clash ? "clash" : "" }, make("th", { scope: "row" }, label(path)), ...cells.map((text) => make("td", {}, text)));
  });
  part("conflict-rows").replaceChildren(...rows);
  part("conflict-mine").hidden = !Object.keys(mine).length;
  return ask("conflict");
}
