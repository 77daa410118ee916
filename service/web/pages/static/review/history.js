// What people have done: to one field, or to the form as a whole.

import { ask, moment } from "./asking.js";
import { make, part } from "./elements.js";
import { concerning, toldOf } from "./past.js";
import { has, say } from "../wording.js";
import { request } from "./wire.js";

/**
 * @param {string} form @param {string} path of the field; empty for the whole form
 * @param {(path: string) => string} label what the form calls a field
 */
export async function showHistory(form, path, label) {
  const list = part("history-list");
  part("history-of").textContent = path ? label(path) : say("review.history_whole");
  part("history-whole").hidden = !path;
  list.replaceChildren(make("li", {}, say("review.loading")));
  const opened = part("history").open ? Promise.resolve(true) : ask("history");
  const { status, body } = await request("GET", `/forms/${form}/history`);
  const told = toldOf(body.corrections ?? []);
  const items = (path ? concerning(told, path) : told).map((each) => make("li", {}, ...line(each, path ? null : label)));
  const nothing = say(status !== 200 ? "review.not_now" : path ? "review.no_history" : "review.no_history_whole");
  list.replaceChildren(...(items.length ? items : [make("li", { class: "hint" }, nothing)]));
  return opened;
}

/** One event; `label` where fields are to be named. */
function line({ event, action, of, turned }, label) {
  const head = [make("time", { dateTime: event.at }, moment(event.at)), make("strong", {}, event.user)];
  const done = action === "undo" || action === "redo";
  const said = done ? [word(action), ...of.flatMap((each) => change(each, each.action, label, action === "undo"))] : change(event, action, label, false, turned);
  return [...head, ...said, ...(event.reason ? [make("span", { class: "hint" }, event.reason)] : [])];
}

/** What an event did, or the other way round where it was `undone`. */
function change(event, action, label, undone, turned = null) {
  const name = label && event.path ? [make("span", { class: "of" }, label(event.path))] : [];
  const { payload } = event;
  if (action === "set_field") {
    const [before, after] = undone ? [event.text, event.text_before] : [event.text_before, event.text];
    const texts = before === after ? [make("ins", {}, after || "—")] : [make("del", {}, before || "—"), make("span", { aria: { hidden: "true" } }, "→"), make("ins", {}, after || "—")];
    return [...name, ...texts];
  }
  if (action === "confirm") return [...name, word(action), make("ins", {}, event.text || "—")];
  if (action === "key_field") return [...name, word(action), ...(event.hidden ? [] : [make("ins", {}, event.text || "—")])];
  if (action === "close_finding") return [word(action), make("span", {}, has(`rule.${payload.rule}`) ? say(`rule.${payload.rule}`) : payload.rule)];
  if (turned) return [word(action), make("span", {}, say("review.turn_by", turned))];
  return [word(action), ...("row" in payload ? [make("span", {}, say("review.row", { row: payload.row + 1 }))] : [])];
}

const word = (action) => make("span", {}, has(`action.${action}`) ? say(`action.${action}`) : action);
