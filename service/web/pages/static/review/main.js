// The review page: wires keys and buttons to what is done, and begins.

import { say } from "../wording.js";
import { ask, moment } from "./asking.js";
import { differencesSince, showConflict } from "./conflict.js";
import { arrangement, drafts, findings, form, holding, label, model, paper, root, scan, standing } from "./desk.js";
import { accept, approve, box, choose, giveBackToColleague, go, insist, leave, redo, row, undo } from "./doing.js";
import { part } from "./elements.js";
import { showHistory } from "./history.js";
import { listen } from "./keys.js";
import { moved, notice, refresh } from "./showing.js";

function restore() {
  const [there, here] = [model.sheet.draft, drafts.left()];
  const texts = { ...(there?.texts ?? {}), ...(here?.texts ?? {}) };
  const known = Object.entries(texts).filter(([path, text]) => model.fields.has(path) && model.base(path) !== text);
  for (const [path, text] of known) model.type(path, text);
  model.contest([...model.said]); // a field that a person has settled since, or before, is asked about
  if (!known.length) return;
  const version = here?.version ?? there.version;
  notice(say("review.restored", { count: known.length, at: there ? moment(there.saved_at) : "" }), "hint");
  if (version !== model.sheet.version) {
    differencesSince(form, version).then((found) => found?.fields.length && showConflict(found.fields, Object.fromEntries(known), label).then((again) => again && insist()));
  }
}

const actions = {
  accept, choose, undo, redo, approve, leave, row, box,
  magnify: () => scan.magnify(),
  fade: () => scan.fade(),
  help: () => ask("keys"),
  history: (whole = false) => showHistory(form, whole ? "" : paper.active, label),
  finding: () => findings.focus(model.accusing(paper.active).find(({ index }) => model.open().some((open) => open.index === index))?.index),
  page: (step) => scan.open(scan.page + step),
  give_back: giveBackToColleague,
  arrange: () => !standing.readOnly && arrangement.show(),
};
listen(actions);
for (const [id, name] of [["undo", "undo"], ["redo", "redo"], ["approve", "approve"], ["leave", "leave"], ["help", "help"], ["history-of-it", "history"], ["box", "box"], ["return-it", "give_back"], ["arrange", "arrange"]]) {
  part(id).addEventListener("click", () => actions[name]());
}
part("accept").addEventListener("click", () => accept(1));
part("back").addEventListener("click", () => accept(-1));
for (const id of ["history-of-form", "history-whole"]) part(id).addEventListener("click", () => actions.history(true));
part("take-it").addEventListener("click", () => holding.take());
part("row-tools").addEventListener("click", ({ target }) => target.dataset.row && row(target.dataset.row));
for (const cancel of document.querySelectorAll("dialog [data-cancel]")) cancel.addEventListener("click", () => cancel.closest("dialog").close(""));
addEventListener("beforeunload", (event) => {
  if (standing.offline && Object.keys(model.unsent()).length) event.preventDefault();
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
