// All that the review page consists of, made once, and what is so just now.

import { fault, say } from "../wording.js";
import { anew, draftKept, expired, held, lost, refused, stale, took } from "./answers.js";
import { Arrangement } from "./arrangement.js";
import { Dock } from "./dock.js";
import { choose, closeFinding, typed } from "./doing.js";
import { Drafts } from "./drafts.js";
import { part } from "./elements.js";
import { Findings } from "./findings.js";
import { Holding } from "./holding.js";
import { Login } from "./login.js";
import { Model } from "./model.js";
import { Outbox } from "./outbox.js";
import { Paper } from "./paper.js";
import { Pictures } from "./pictures.js";
import { Scan } from "./scan.js";
import { activate, lock, moved, notice } from "./showing.js";
import { Sums } from "./sums.js";

export const root = part("review");
export const { form, document: scanned, user, pages } = root.dataset;
const given = JSON.parse(part("record").textContent);

export const model = new Model(given.sheet, given.shown, given.order);
export const paper = new Paper(model, { focused: activate, typed });
export const label = (path) => paper.label(model.at(path));
export const scan = new Scan(scanned, Number(pages), model, (path) => paper.focus(path));
export const pictures = new Pictures(scanned);
export const dock = new Dock(model, pictures, label, choose);
export const sums = new Sums(model, form, (path) => paper.focus(path));
export const findings = new Findings(model, label, { go: (path) => paper.focus(path), close: closeFinding });
export const outbox = new Outbox(form, model.sheet.version, { took, refused, stale, expired, lost, moved });
export const drafts = new Drafts(form, user, () => ({ version: outbox.version, texts: model.unsent() }), draftKept);
export const login = new Login(() => {
  outbox.goOn();
  drafts.save();
  holding.take();
});
export const holding = new Holding(form, held);

export const arrangement = new Arrangement({
  document: scanned,
  number: Number(form.split(".")[1]),
  changed() {
    notice("");
    standing.ceased = 0;
    lock(false);
    anew();
  },
  ceased(version) {
    standing.ceased = version;
    lock(true);
    notice(say("review.ceased"), "hint");
  },
  turning: (page) => notice(say("review.turning", { page }), "hint"),
  refused(reply) {
    if (reply.status === 401) return expired();
    if (reply.status === 412) anew(); // somebody else was quicker: what he made of it is shown
    return notice(fault(reply.body.code ?? "error", reply.wait), "fault");
  },
});

/** What is so just now. */
export const standing = {
  offline: false, // the service does not answer
  readOnly: false, // somebody else works on the form, or it is none any more
  ceased: 0, // the version at which it has ceased to be; an undo brings it back
  atHand: Promise.resolve(), // the page on which a box is drawn, with what reads it
  pointing: false, // the notice sends to the findings
  blank: "", // a field that two key, of which Enter has asked whether nothing stands there
  lastGone: null, // a text that Ctrl+Z took out of an input, for Ctrl+Y
};
