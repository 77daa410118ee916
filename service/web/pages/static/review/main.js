// The review page: wires what is shown to what is typed, and both to the service. A key never waits for the network.

import { fault, say } from "../wording.js";
import { ask, moment, showHistory } from "./asking.js";
import { Arrangement } from "./arrangement.js";
import { differencesSince, ourOwn, showConflict } from "./conflict.js";
import { Dock } from "./dock.js";
import { Drafts } from "./drafts.js";
import { part } from "./elements.js";
import { Findings } from "./findings.js";
import { Holding } from "./holding.js";
import { listen } from "./keys.js";
import { Login } from "./login.js";
import { Model } from "./model.js";
import { nextAddress, queueAddress } from "./onward.js";
import { Outbox } from "./outbox.js";
import { Paper } from "./paper.js";
import { Pictures } from "./pictures.js";
import { cellOf, rowChange } from "./rows.js";
import { Scan } from "./scan.js";
import { Sums } from "./sums.js";
import { request } from "./wire.js";

const root = part("review");
const { form, document: scanned, user, pages } = root.dataset;
const given = JSON.parse(part("record").textContent);

const model = new Model(given.sheet, given.shown, given.order);
const paper = new Paper(model, { focused: activate, typed });
const label = (path) => paper.label(model.at(path));
const scan = new Scan(scanned, Number(pages), model, (path) => paper.focus(path));
const pictures = new Pictures(scanned);
const dock = new Dock(model, form, pictures, label, choose);
const sums = new Sums(model, form, (path) => paper.focus(path));
const findings = new Findings(model, label, { go: (path) => paper.focus(path), close: closeFinding });
const outbox = new Outbox(form, model.sheet.version, { took, refused, stale, expired, lost, moved });
const drafts = new Drafts(form, user, () => ({ version: outbox.version, texts: model.unsent() }), draftKept);
const login = new Login(() => {
  outbox.goOn();
  drafts.save();
  holding.take();
});
const holding = new Holding(form, held);

const arrangement = new Arrangement({
  document: scanned,
  number: Number(form.split(".")[1]),
  changed(numbers) {
    notice("");
    if (numbers.includes(Number(form.split(".")[1]))) anew();
    else location.assign(queueAddress(form, true)); // the form has ceased to be
  },
  turning: (page) => notice(say("review.turning", { page }), "hint"),
  refused: (reply) => (reply.status === 401 ? expired() : notice(fault(reply.body.code ?? "error", reply.wait), "fault")),
});

let offline = false;
let readOnly = false;
let pointing = false; // the notice sends to the findings
let blank = ""; // a field that two key, of which Enter has asked whether nothing stands there
let lastGone = null; // a text that Ctrl+Z took out of an input, for Ctrl+Y

/* what is on show */

function activate(path) {
  if (path === paper.active) return;
  paper.activate(path);
  dock.show(path);
  sums.show(path);
  requestAnimationFrame(() => setTimeout(() => path === paper.active && scan.show(path))); // the page follows once the field is on show
  lastGone = null;
  blank = "";
  const cell = cellOf(path);
  const rows = cell ? model.sheet.record.tables[cell.table].length : 0;
  for (const button of part("row-tools").querySelectorAll("button")) button.disabled = !cell || (button.dataset.row === "join_rows" && cell.row >= rows - 1);
  root.querySelector(".active textarea")?.select();
  const next = model.fields.get(model.next(path));
  if (next) pictures.page(next.page);
}

let asked = 0;

/** `refresh` as soon as nothing is more urgent: no key waits for it. */
function soon() {
  asked ||= requestIdleCallback(refresh, { timeout: 400 });
}

function refresh() {
  cancelIdleCallback(asked);
  asked = 0;
  paper.refresh();
  findings.refresh();
  scan.paint();
  if (paper.active) {
    dock.refresh();
    sums.show(paper.active);
  }
  progress();
}

function progress() {
  const [fields, found] = [model.waiting().length, model.open().length];
  const [others, turn] = [model.others().length, model.isOthersTurn()];
  part("left-fields").textContent = say("review.left_fields", { count: fields }) + (others ? say("review.comma") + say("review.left_others", { count: others }) : "");
  part("left-findings").textContent = say("review.left_findings", { count: found });
  const ready = fields + found + others === 0 && model.sheet.may_approve && model.sheet.state !== "approved";
  if (pointing && found === 0) notice("");
  root.classList.toggle("ready", ready);
  part("all-done").hidden = !ready && !turn;
  part("all-done").textContent = say(turn ? "review.others_turn" : "review.all_done");
  part("approve").textContent = say(turn ? "review.hand_on" : "review.approve");
  for (const [id, may] of [["undo", model.sheet.undo || model.sheet.rearranged || model.typed.size > 0], ["redo", model.sheet.redo || lastGone !== null], ["approve", model.sheet.may_approve || turn]]) {
    part(id).disabled = readOnly || !may;
  }
  const state = part("state");
  state.textContent = say(`review_state.${model.sheet.state ?? "none"}`);
  state.className = `stage ${{ approved: "done", returned: "failed" }[model.sheet.state] ?? "review"}`;
}

function notice(text, kind = "good") {
  const told = part("notice");
  told.className = `told ${kind}`;
  told.textContent = text;
  told.hidden = !text;
  pointing = false;
}

/** What is said about keeping: all kept, under way, or only in this browser. */
function moved() {
  const sign = part("kept");
  const busy = outbox.jobs.length > 0 || Object.keys(model.unsent()).length > 0;
  const name = offline ? "lost" : busy ? "keeping" : "kept";
  sign.className = `kept ${name}`;
  sign.textContent = say({ lost: "review.lost", keeping: "review.keeping", kept: "review.kept" }[name]);
}

/* what the reviewer does */

function typed(path) {
  dock.mark();
  sums.show(path);
  part("undo").disabled = readOnly;
  drafts.touch();
  moved();
}

function choose(number) {
  const choice = model.choices(paper.active)[number - 1];
  if (!choice || readOnly) return false;
  paper.fill(paper.active, choice.text);
  typed(paper.active);
  paper.focus(paper.active);
  return true;
}

/** The text of the active field stands; to the next that needs a person. */
function accept(step) {
  const path = paper.active;
  if (!path) return go(model.waiting()[0]);
  const waits = model.waiting().includes(path);
  if (!readOnly && model.asksKeying(path) && !model.text(path) && blank !== path) {
    blank = path;
    return notice(say("review.blank_to_key"), "hint");
  }
  if (blank) notice("");
  if (!readOnly && (waits || model.typed.has(path))) keep(path);
  return go(model.next(path, step));
}

/** Send the text of `path`, typed or as it was read. */
function keep(path) {
  const text = model.text(path);
  const place = model.places.get(path);
  model.typed.delete(path);
  model.sent.set(path, text);
  paper.write(path);
  progress();
  drafts.touch();
  outbox.push({ path: "changes", body: { changes: [{ action: "set_field", path, text, ...(place ?? {}) }] } });
}

/** To a field, or where none waits to what else does. */
function go(path) {
  if (path) return paper.focus(path);
  if (findings.focus()) {
    notice(say("review.now_findings"), "hint");
    pointing = true;
    return undefined;
  }
  return notice("");
}

async function closeFinding(place, note) {
  if (readOnly) return;
  const { rule, cells } = model.sheet.record.findings[place];
  settleTyped();
  if (!(await outbox.idle())) return;
  const index = model.sheet.record.findings.findIndex((each) => each.rule === rule && each.cells.join() === cells.join());
  if (index < 0 || !model.open().some((open) => open.index === index)) return; // what was typed has settled it
  outbox.push({ path: "changes", body: { changes: [{ action: "close_finding", index, reason: note }] }, then: () => model.open().length && findings.focus() });
}

/** What is typed is accepted before something else is done that changes the record. */
function settleTyped() {
  for (const path of [...model.typed.keys()]) keep(path);
}

function undo() {
  const path = paper.active;
  if (readOnly) return;
  if (model.typed.has(path)) {
    lastGone = { path, text: model.text(path) };
    paper.fill(path, model.base(path));
    typed(path);
    paper.focus(path);
    progress();
  } else if (model.sheet.rearranged && !outbox.jobs.length) arrangement.undo(outbox.version);
  else if (model.sheet.undo || outbox.jobs.length) outbox.push({ path: "undo" });
}

function redo() {
  if (readOnly) return;
  if (lastGone) {
    paper.fill(lastGone.path, lastGone.text);
    typed(lastGone.path);
    lastGone = null;
    progress();
  } else if (model.sheet.redo || outbox.jobs.some((job) => job.path === "undo")) outbox.push({ path: "redo" });
}

async function row(action) {
  if (readOnly || !(await outbox.idle())) return; // a row on its way would move the one that is meant
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

async function approve() {
  if (readOnly || (!model.sheet.may_approve && !model.unkeyed.size)) return notice(say("review.not_you"), "fault");
  settleTyped();
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

async function giveBackToColleague() {
  if (readOnly || !(await ask("return"))) return;
  const reason = part("return-reason").value.trim();
  settleTyped();
  outbox.push({ path: "changes", body: { changes: [{ action: "return", reason }] }, then: openNext });
}

async function openNext() {
  drafts.forget();
  location.assign(await nextAddress(form));
}

async function leave() {
  if (scan.cancel()) return;
  await drafts.save();
  await holding.giveBack();
  location.assign(queueAddress(form, true));
}

/** A box on the page: read, and put into the active field. */
function box() {
  const path = paper.active;
  if (readOnly || !path || scan.cancel()) return;
  if (model.unkeyed.has(path)) return notice(say("review.key_by_hand"), "hint");
  part("box").ariaPressed = "true";
  notice(say("review.draw_hint"), "hint");
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

/* what the service says */

function took(sheet, job) {
  for (const change of job.body?.changes ?? []) {
    if (change.action === "set_field" && model.sent.get(change.path) === change.text) model.sent.delete(change.path);
    if (change.action === "set_field") model.places.delete(change.path);
  }
  const fits = model.fits(sheet);
  const before = model.fields;
  model.take(sheet);
  if (job.approving) return openNext();
  if (!fits) return anew(job);
  soon();
  drafts.touch();
  if (job.path !== "changes") follow(before);
  job.then?.();
  return undefined;
}

/** To what was undone or done again. */
function follow(before) {
  const changed = [...model.fields].find(([path, field]) => before.get(path)?.text !== field.text || before.get(path)?.status !== field.status);
  if (changed) paper.focus(model.at(changed[0]));
}

/** The shape of the paper is another: it is drawn by the service, as at first. What is typed stays. */
async function anew(job) {
  const reply = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const data = fresh.getElementById("record");
  if (!reply.ok || !data) return location.assign(queueAddress(form, false)); // the form has ceased to be
  const now = JSON.parse(data.textContent);
  const path = paper.active;
  const scrolled = part("paper-scroll").scrollTop;
  part("paper").replaceChildren(...fresh.getElementById("paper").children);
  model.lay(now.sheet, now.shown, now.order);
  if (outbox.jobs.length === 0) outbox.version = now.sheet.version;
  for (const known of [...model.typed.keys()]) if (!model.fields.has(known)) model.typed.delete(known);
  paper.find();
  paper.active = "";
  part("paper-scroll").scrollTop = scrolled;
  refresh();
  paper.focus(model.fields.has(path) ? model.at(path) : (model.waiting()[0] ?? paper.paths()[0]));
  drafts.touch();
  job?.then?.();
  return undefined;
}

function refused(job, body) {
  root.classList.remove("approving");
  for (const change of job.body?.changes ?? []) {
    if (change.action !== "set_field" || model.sent.get(change.path) !== change.text) continue;
    model.sent.delete(change.path);
    model.type(change.path, change.text); // it stays in its input
  }
  refresh();
  drafts.touch();
  const why = body.code === "review_not_settled" && body.remedy ? body.remedy : fault(body.code ?? "error");
  notice(why, "fault");
  if (job.approving && body.code === "review_not_settled") go(model.waiting()[0]);
}

async function stale(job) {
  const found = await differencesSince(form, outbox.version);
  if (!found) return setTimeout(() => outbox.goOn(), 3000);
  const reply = await request("GET", `/forms/${form}/review`);
  if (reply.status !== 200) return setTimeout(() => outbox.goOn(), 3000);
  const own = ourOwn(found, job, user);
  if (own) outbox.jobs.shift();
  const mine = model.unsent();
  const jobs = own ? outbox.jobs : outbox.empty();
  if (!own) {
    for (const [path, text] of model.sent) model.typed.set(path, text);
    model.sent.clear();
  }
  outbox.version = reply.body.version;
  const fits = model.fits(reply.body);
  model.take(reply.body);
  if (!fits) await anew();
  for (const [path, text] of [...model.typed]) model.type(path, text); // what is the same by now is not typed any more
  refresh();
  drafts.touch();
  if (own) return outbox.goOn();
  root.classList.remove("approving");
  if (await showConflict(found.fields, mine, label)) {
    settleTyped();
    for (const other of jobs) if (other.body?.changes?.every((change) => change.action === "return")) outbox.push(other); // all else names places of a form that was
  }
  return undefined;
}

function expired() {
  drafts.touch();
  login.ended();
}

function lost(now) {
  if (offline === now) return;
  offline = now;
  moved();
}

function draftKept(reply) {
  if (reply.status === 401) expired();
  lost(reply.status === 0);
}

async function held({ status, body }) {
  if (status === 401) return expired();
  if (status === 0) return lost(true);
  readOnly = status === 423;
  for (const entry of paper.entries.values()) entry.readOnly = readOnly;
  root.classList.toggle("read-only", readOnly);
  part("taken").hidden = !readOnly;
  for (const id of ["box", "return-it", "arrange"]) part(id).disabled = readOnly;
  progress();
  if (!readOnly) return undefined;
  part("taken-by").textContent = fault(body.code ?? "error");
  const { body: now } = await request("GET", `/forms/${form}/review`);
  if (now.taken_by) part("taken-by").textContent = say("review.taken_by", { user: now.taken_by });
  return undefined;
}

/* at the beginning */

function restore() {
  const [there, here] = [model.sheet.draft, drafts.left()];
  const texts = { ...(there?.texts ?? {}), ...(here?.texts ?? {}) };
  const known = Object.entries(texts).filter(([path, text]) => model.fields.has(path) && model.base(path) !== text);
  for (const [path, text] of known) model.type(path, text);
  if (!known.length) return;
  const version = here?.version ?? there.version;
  notice(say("review.restored", { count: known.length, at: there ? moment(there.saved_at) : "" }), "hint");
  if (version !== model.sheet.version) {
    differencesSince(form, version).then((found) => found?.fields.length && showConflict(found.fields, Object.fromEntries(known), label).then((again) => again && settleTyped()));
  }
}

const actions = {
  accept, choose, undo, redo, approve, leave, row, box,
  magnify: () => scan.magnify(),
  fade: () => scan.fade(),
  help: () => ask("keys"),
  history: () => showHistory(form, paper.active, label(paper.active)),
  finding: () => findings.focus(model.accusing(paper.active).find(({ index }) => model.open().some((open) => open.index === index))?.index),
  page: (step) => scan.open(scan.page + step),
  give_back: giveBackToColleague,
  arrange: () => !readOnly && arrangement.show(),
};
listen(actions);
for (const [id, name] of [["undo", "undo"], ["redo", "redo"], ["approve", "approve"], ["leave", "leave"], ["help", "help"], ["history-of-it", "history"], ["box", "box"], ["return-it", "give_back"], ["arrange", "arrange"]]) {
  part(id).addEventListener("click", () => actions[name]());
}
part("accept").addEventListener("click", () => accept(1));
part("back").addEventListener("click", () => accept(-1));
part("take-it").addEventListener("click", () => holding.take());
part("row-tools").addEventListener("click", ({ target }) => target.dataset.row && row(target.dataset.row));
for (const cancel of document.querySelectorAll("dialog [data-cancel]")) cancel.addEventListener("click", () => cancel.closest("dialog").close(""));
addEventListener("beforeunload", (event) => {
  if (offline && Object.keys(model.unsent()).length) event.preventDefault();
});

restore();
refresh();
moved();
const first = model.waiting()[0];
scan.open(model.fields.get(first ?? paper.paths()[0])?.page ?? 1);
paper.focus(first ?? paper.paths()[0]);
if (!first) go(undefined);
root.dataset.ready = "";
requestAnimationFrame(() => setTimeout(() => {
  scan.start(); // once the form is on show
  holding.take();
}));
