// What the service says to what was done: taken, refused, too late, or nothing at all.

import { fault, say } from "../wording.js";
import { differencesSince, ourOwn, showConflict } from "./conflict.js";
import { drafts, findings, form, label, login, model, outbox, paper, root, scan, standing, user } from "./desk.js";
import { insist, openNext } from "./doing.js";
import { part } from "./elements.js";
import { queueAddress } from "./onward.js";
import { lock, moved, notice, refresh, soon } from "./showing.js";
import { request } from "./wire.js";

/** What `job` has said is no longer on its way. */
function arrived(job) {
  for (const change of job.body?.changes ?? []) {
    if (change.action === "set_field" && model.sent.get(change.path) === change.text) model.sent.delete(change.path);
    if (change.action === "set_field") model.places.delete(change.path);
  }
}

export function took(sheet, job) {
  arrived(job);
  const fits = model.fits(sheet);
  const before = { fields: model.fields, said: model.said };
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
function follow({ fields, said }) {
  const other = (path, field) => fields.get(path)?.text !== field.text || fields.get(path)?.status !== field.status || said.has(path) !== model.said.has(path);
  const changed = [...model.fields].find(([path, field]) => other(path, field));
  if (changed) paper.focus(model.at(changed[0]));
}

/** The shape of the paper is another: it is drawn by the service, as at first. What is typed stays. */
export async function anew(job) {
  const reply = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const data = fresh.getElementById("record");
  if (!reply.ok || !data) return location.assign(queueAddress(form, false)); // the form has ceased to be
  const now = JSON.parse(data.textContent);
  const path = paper.active;
  const scrolled = part("paper-scroll").scrollTop;
  part("paper").replaceChildren(...fresh.getElementById("paper").children);
  part("heading").replaceChildren(...fresh.getElementById("heading").childNodes);
  model.lay(now.sheet, now.shown, now.order);
  if (outbox.jobs.length === 0) outbox.version = now.sheet.version;
  for (const known of [...model.typed.keys()]) if (!model.fields.has(known)) model.typed.delete(known);
  paper.find();
  paper.active = "";
  part("paper-scroll").scrollTop = scrolled;
  refresh();
  scan.right();
  paper.focus(model.fields.has(path) ? model.at(path) : (model.waiting()[0] ?? paper.paths()[0]));
  drafts.touch();
  job?.then?.();
  return undefined;
}

export function refused(job, body) {
  root.classList.remove("approving");
  for (const change of job.body?.changes ?? []) {
    if (change.action !== "set_field" || model.sent.get(change.path) !== change.text) continue;
    model.sent.delete(change.path);
    model.type(change.path, change.text); // it stays in its input
  }
  refresh();
  drafts.touch();
  const waits = job.approving && body.code === "review_not_settled" ? left() : "";
  notice(waits ? say("review.not_settled", { left: waits }) : fault(body.code ?? "error"), "fault");
  if (!job.approving || body.code !== "review_not_settled") return;
  const doubts = new Set(model.sheet.doubts.map((path) => model.at(path)));
  const doubtful = model.waiting().find((path) => doubts.has(path));
  if (doubtful) paper.focus(doubtful);
  else standing.pointing = findings.focus();
}

/** How much still waits, in words. */
function left() {
  const fields = model.waiting().filter((path) => !model.unkeyed.has(path));
  const counts = { "review.left_fields": fields.length, "review.left_keyings": model.unkeyed.size, "review.left_findings": model.open().length };
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.map(([key, count]) => say(key, { count })).join(say("review.comma"));
}

export async function stale(job) {
  const found = await differencesSince(form, outbox.version);
  if (!found) return setTimeout(() => outbox.goOn(), 3000);
  const reply = await request("GET", `/forms/${form}/review`);
  if (reply.status !== 200) return setTimeout(() => outbox.goOn(), 3000);
  const keyed = Object.entries(reply.body.keyed).map(([path, text]) => ({ path: model.at(path), text }));
  const own = ourOwn(found, job, user, keyed);
  if (own) arrived(outbox.jobs.shift());
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
  if (!own) model.contest(found.fields.map(({ path }) => path));
  refresh();
  drafts.touch();
  if (own) return outbox.goOn();
  root.classList.remove("approving");
  if (await showConflict(found.fields, mine, label)) {
    insist();
    for (const other of jobs) if (other.body?.changes?.every((change) => change.action === "return")) outbox.push(other); // all else names places of a form that was
  }
  return undefined;
}

export function expired() {
  drafts.touch();
  login.ended();
}

export function lost(now) {
  if (standing.offline === now) return;
  standing.offline = now;
  moved();
}

export function draftKept(reply) {
  if (reply.status === 401) expired();
  lost(reply.status === 0);
}

export async function held({ status, body }) {
  if (status === 401) return expired();
  if (status === 0) return lost(true);
  if (standing.ceased) return undefined;
  const looked = standing.readOnly;
  lock(status === 423);
  part("taken").hidden = !standing.readOnly;
  if (!standing.readOnly) return looked ? anew() : undefined; // a colleague may have changed what was looked at
  part("taken-by").textContent = fault(body.code ?? "error");
  const { body: now } = await request("GET", `/forms/${form}/review`);
  if (now.taken_by) part("taken-by").textContent = say("review.taken_by", { user: now.taken_by });
  return undefined;
}
