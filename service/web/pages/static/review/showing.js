// What is on show: the active field, what is left, and what the page says about it.

import { say } from "../wording.js";
import { dock, findings, model, outbox, paper, pictures, root, scan, standing, sums } from "./desk.js";
import { part } from "./elements.js";
import { cellOf } from "./rows.js";

export function activate(path) {
  if (path === paper.active) return;
  paper.activate(path);
  dock.show(path);
  sums.show(path);
  requestAnimationFrame(() => setTimeout(() => path === paper.active && scan.show(path))); // the page follows once the field is on show
  standing.lastGone = null;
  standing.blank = "";
  const cell = cellOf(path);
  const rows = cell ? model.sheet.record.tables[cell.table].length : 0;
  for (const button of part("row-tools").querySelectorAll("[data-row]")) button.disabled = !cell || (button.dataset.row === "join_rows" && cell.row >= rows - 1);
  root.querySelector(".active textarea")?.select();
  const next = model.fields.get(model.next(path));
  if (next) pictures.page(next.page);
}

let asked = 0;

/** `refresh` as soon as nothing is more urgent: no key waits for it. */
export function soon() {
  asked ||= requestIdleCallback(refresh, { timeout: 400 });
}

export function refresh() {
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

export function progress() {
  const [fields, found] = [model.waiting().length, model.open().length];
  const [others, turn] = [model.others().length, model.isOthersTurn()];
  part("left-fields").textContent = say("review.left_fields", { count: fields }) + (others ? say("review.comma") + say("review.left_others", { count: others }) : "");
  part("left-findings").textContent = say("review.left_findings", { count: found });
  const ready = fields + found + others === 0 && model.sheet.may_approve && model.sheet.state !== "approved";
  if (standing.pointing && found === 0) notice("");
  root.classList.toggle("ready", ready);
  part("all-done").hidden = !ready && !turn;
  part("all-done").textContent = say(turn ? "review.others_turn" : "review.all_done");
  part("approve").textContent = say(turn ? "review.hand_on" : "review.approve");
  for (const [id, may] of [["undo", model.sheet.undo || model.sheet.rearranged || model.typed.size > 0], ["redo", model.sheet.redo || standing.lastGone !== null], ["approve", model.sheet.may_approve || turn]]) {
    part(id).disabled = standing.readOnly || !may;
  }
  if (standing.ceased) part("undo").disabled = false;
  const state = part("state");
  state.textContent = say(`review_state.${model.sheet.state ?? "none"}`);
  state.className = `stage ${{ approved: "done", returned: "failed" }[model.sheet.state] ?? "review"}`;
}

/** Nothing can be changed now, or everything again. */
export function lock(now) {
  standing.readOnly = now;
  for (const entry of paper.entries.values()) entry.readOnly = now;
  root.classList.toggle("read-only", now);
  for (const id of ["box", "return-it", "arrange"]) part(id).disabled = now;
  progress();
}

export function notice(text, kind = "good") {
  const told = part("notice");
  told.className = `told ${kind}`;
  told.textContent = text;
  told.hidden = !text;
  standing.pointing = false;
}

/** What is said about keeping: all kept, under way, or only in this browser. */
export function moved() {
  const sign = part("kept");
  const busy = outbox.jobs.length > 0 || Object.keys(model.unsent()).length > 0;
  const name = standing.offline ? "lost" : busy ? "keeping" : "kept";
  sign.className = `kept ${name}`;
  sign.textContent = say({ lost: "review.lost", keeping: "review.keeping", kept: "review.kept" }[name]);
}
