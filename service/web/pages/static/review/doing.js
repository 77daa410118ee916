// What the reviewer does. A key never waits for the network.

import { fault, say } from "../wording.js";
import { expired } from "./answers.js";
import { ask } from "./asking.js";
import { arrangement, dock, drafts, findings, form, holding, label, model, outbox, paper, root, scan, standing, sums } from "./desk.js";
import { part } from "./elements.js";
import { nextAddress, queueAddress } from "./onward.js";
import { rowChange } from "./rows.js";
import { moved, notice, progress } from "./showing.js";
import { request } from "./wire.js";

const ANYWHERE = [0, 0, 0.01, 0.01]; // a box whose text nobody wants

export function typed(path) {
  dock.mark();
  sums.show(path);
  part("undo").disabled = standing.readOnly;
  drafts.touch();
  moved();
}

export function choose(number) {
  const choice = model.choices(paper.active)[number - 1];
  if (!choice || standing.readOnly) return false;
  paper.fill(paper.active, choice.text);
  typed(paper.active);
  paper.focus(paper.active);
  return true;
}

/** The text of the active field stands; to the next that needs a person. */
export function accept(step) {
  const path = paper.active;
  if (!path) return go(model.waiting()[0]);
  const waits = model.waiting().includes(path);
  if (!standing.readOnly && model.asksKeying(path) && !model.text(path) && standing.blank !== path) {
    standing.blank = path;
    return notice(say("review.blank_to_key"), "hint");
  }
  if (standing.blank) notice("");
  if (!standing.readOnly && (waits || model.typed.has(path))) keep(path);
  return go(model.next(path, step));
}

/** Send the text of `path`, typed or as it was read. */
function keep(path) {
  const text = model.text(path);
  const place = model.places.get(path);
  model.typed.delete(path);
  model.contested.delete(path);
  model.sent.set(path, text);
  paper.write(path);
  progress();
  drafts.touch();
  outbox.push({ path: "changes", body: { changes: [{ action: "set_field", path, text, ...(place ?? {}) }] } });
}

/** To a field, or where none waits to what else does. */
export function go(path) {
  if (path) return paper.focus(path);
  if (findings.focus()) {
    notice(say("review.now_findings"), "hint");
    standing.pointing = true;
    return undefined;
  }
  return notice("");
}

export async function closeFinding(place, note) {
  if (standing.readOnly) return;
  const { rule, cells } = model.sheet.record.findings[place];
  settleTyped();
  if (!(await outbox.idle())) return;
  const index = model.sheet.record.findings.findIndex((each) => each.rule === rule && each.cells.join() === cells.join());
  if (index < 0 || !model.open().some((open) => open.index === index)) return; // what was typed has settled it
  outbox.push({ path: "changes", body: { changes: [{ action: "close_finding", index, reason: note }] }, then: () => model.open().length && findings.focus() });
}

/** What is typed is accepted before something else is done that changes the record; but nothing that goes against a colleague's text. */
export function settleTyped() {
  for (const path of [...model.typed.keys()]) if (!model.contested.has(path)) keep(path);
}

/** What was typed against a colleague's texts is to stand. */
export function insist() {
  model.contested.clear();
  settleTyped();
}

export function undo() {
  const path = paper.active;
  if (standing.ceased) arrangement.undo(standing.ceased);
  if (standing.readOnly) return;
  if (model.typed.has(path)) {
    standing.lastGone = { path, text: model.text(path) };
    paper.fill(path, model.base(path));
    typed(path);
    paper.focus(path);
    progress();
  } else if (model.sheet.rearranged && !outbox.jobs.length) arrangement.undo(outbox.version);
  else if (model.sheet.undo || outbox.jobs.length) outbox.push({ path: "undo" });
}

export function redo() {
  if (standing.readOnly) return;
  if (standing.lastGone) {
    paper.fill(standing.lastGone.path, standing.lastGone.text);
    typed(standing.lastGone.path);
    standing.lastGone = null;
    progress();
  } else if (model.sheet.redo || outbox.jobs.some((job) => job.path === "undo")) outbox.push({ path: "redo" });
}

export async function row(action) {
  if (standing.readOnly || !(await outbox.idle())) return; // a row on its way would move the one that is meant
  const change = await rowChange(model, label, action, paper.active);
  if (!change) return;
  settleTyped();
  outbox.push({ path: "changes", body: { changes: [change] }, then: () => change.action === "add_row" && beginRow(change) });
}

/** To the first cell of a new row: what is typed next belongs there, and not into the row above. */
function beginRow({ table, row }) {
  const path = paper.paths().find((each) => each.startsWith(`tables.${table}[${row}].`));
  if (path) paper.focus(path);
}

export async function approve() {
  if (standing.readOnly || (!model.sheet.may_approve && !model.unkeyed.size)) return notice(say("review.not_you"), "fault");
  settleTyped();
  const [contested] = model.contested;
  if (contested) {
    notice(say("review.contested"), "fault");
    return paper.focus(contested);
  }
  root.classList.add("approving");
  if (!(await outbox.idle())) return undefined; // somebody else has changed the form: what he did is looked at first
  if (model.isOthersTurn()) return openNext(); // it is given back, and goes to another
  if (!model.sheet.may_approve) {
    root.classList.remove("approving");
    return notice(say("review.not_you"), "fault");
  }
  await drafts.save(); // one that belongs to an earlier version would forbid it
  outbox.push({ path: "approval", approving: true });
  return undefined;
}

export async function giveBackToColleague() {
  if (standing.readOnly || !(await ask("return"))) return;
  const reason = part("return-reason").value.trim();
  settleTyped();
  outbox.push({ path: "changes", body: { changes: [{ action: "return", reason }] }, then: openNext });
}

export async function openNext() {
  drafts.forget();
  location.assign(await nextAddress(form));
}

export async function leave() {
  if (scan.cancel()) return;
  await drafts.save();
  await holding.giveBack();
  location.assign(queueAddress(form, true));
}

/** A box on the page: read, and put into the active field. */
export function box() {
  const path = paper.active;
  if (standing.readOnly || !path || scan.cancel()) return;
  if (model.unkeyed.has(path)) return notice(say("review.key_by_hand"), "hint");
  part("box").ariaPressed = "true";
  notice(say("review.draw_hint"), "hint");
  standing.atHand = standing.atHand.then(() => request("POST", `/forms/${form}/region`, { body: { page: scan.page, box: ANYWHERE } })); // while the box is drawn
  scan.rubber(
    (page, drawn) => (drawn ? read(path, page, drawn) : notice(say("review.no_box"), "fault")),
    () => {
      part("box").ariaPressed = "false";
      notice("");
    },
  );
}

async function read(path, page, drawn) {
  notice(say("review.reading"), "hint");
  await standing.atHand;
  const { status, body, wait } = await request("POST", `/forms/${form}/region`, { body: { page, box: drawn, path } });
  if (status === 401) return expired();
  if (status !== 200) return notice(status === 0 ? say("review.lost") : fault(body.code, wait), "fault");
  model.places.set(path, { page, box: drawn });
  model.readings.set(path, [{ text: body.text, confidence: body.confidence }, ...body.alternatives]);
  paper.fill(path, body.text);
  typed(path);
  paper.focus(path);
  dock.show(path);
  scan.show(path);
  return notice(say("review.region_read", { text: body.text || "—" }));
}
