// Scans dropped on the page: sent one by one, then watched until they are read. Nothing is lost when the connection or the login is.

import { Expired, renew, secret } from "./session.js";
import { Watch, ended, stageOf, waits, whose } from "./watch.js";
import { written } from "./moments.js";
import { fault, kind, say, stageWord } from "./wording.js";

const AT_ONCE = 2;
const PAUSE_MS = 3000;
const COMING = "[data-stage=waiting], [data-stage=reading]";
const LONGEST_WAIT_S = 300; // a quota of the day is not waited for

const form = document.getElementById("drop");
const input = document.getElementById("files");
const list = document.getElementById("uploads");
const expired = document.getElementById("expired");
const template = document.getElementById("row").content.firstElementChild;

const queue = [];
let underWay = 0;
let resting = false;

const watch = new Watch(show, expire);

/** Every row of a document says how it stands. */
function show(standing) {
  const rows = document.querySelectorAll(`.uploads li[data-id="${standing.id}"]`);
  if (ended(standing) && [...rows].some((row) => row.matches(COMING))) {
    document.getElementById("spoken").textContent = say("script.spoken", { name: standing.name, stage: stageWord(stageOf(standing)) });
    document.dispatchEvent(new Event("formtally:read"));
  }
  for (const row of rows) tell(row, standing);
}

function tell(row, standing) {
  const stage = stageOf(standing);
  mark(row, stage, stageWord(stage), whose(standing));
  advance(row, stage === "reading" ? standing.pages_read : null, standing.pages || 1);
  detail(row, standing.error ? fault(standing.error.code) : standing.pages ? say("script.pages", { read: standing.pages_read, pages: standing.pages }) : "");
  row.querySelector(".forms").replaceChildren(...standing.forms.map((each, place) => link(`${door(each)}${each.id}`, say("script.form", { number: place + 1, kind: kind(each.kind) }))));
}

/** Where the queue is at hand, what must be reviewed is opened for that. */
const door = (form) => (waits(form) && list.dataset.review) || "/forms/";

function link(href, text) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

function mark(row, stage, text, { who, at } = { who: "", at: "" }) {
  row.dataset.stage = stage;
  const chip = row.querySelector(".stage");
  chip.className = `stage ${stage}`;
  chip.textContent = text;
  row.querySelector(".whose").textContent = at ? `${who} ${written(at)}` : who;
}

function advance(row, value, most) {
  const bar = row.querySelector("progress");
  bar.hidden = value === null;
  bar.max = most;
  bar.value = value ?? 0;
}

const detail = (row, text) => (row.querySelector(".detail").textContent = text);

/** Files join the line, each with a row of its own. */
function take(files) {
  for (const file of files) {
    const row = template.cloneNode(true);
    row.querySelector(".name").textContent = file.name;
    row.querySelector("progress").setAttribute("aria-label", say("script.progress_of", { name: file.name }));
    mark(row, "sending", say("script.queued"));
    advance(row, null, 1);
    list.prepend(row);
    queue.push({ file, row });
  }
  document.getElementById("none").hidden = list.childElementCount > 0;
  sendNext();
}

function sendNext() {
  while (!resting && underWay < AT_ONCE && queue.length) {
    underWay += 1;
    const job = queue.shift();
    send(job).finally(() => {
      underWay -= 1;
      sendNext();
    });
  }
}

async function send(job) {
  const reply = await post(job);
  if (reply.status === 202) return accepted(job, reply.body);
  const { code } = reply.body;
  if (reply.status === 401) return expire(job);
  if (code === "cross_site" && !job.renewed) return anew(job);
  if (reply.status === 429 && reply.wait <= LONGEST_WAIT_S) return later(job, fault(code, reply.wait), reply.wait * 1000);
  if (reply.status === 0 || reply.status >= 500) return later(job, code ? fault(code) : say("script.lost"), PAUSE_MS);
  return refused(job, reply.body.refused?.[0]?.problem.code ?? code);
}

/** One upload; status 0 where the connection was lost. */
function post({ file, row }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    request.open("POST", "/api/v1/documents");
    request.setRequestHeader("X-CSRF-Token", secret());
    request.upload.addEventListener("progress", (event) => {
      const share = event.lengthComputable ? event.loaded / event.total : 0;
      mark(row, "sending", share < 1 ? say("script.sending", { percent: Math.floor(share * 100) }) : say("script.checking"));
      advance(row, share, 1);
    });
    request.addEventListener("loadend", () => resolve({ status: request.status, body: parsed(request.responseText), wait: Number(request.getResponseHeader("Retry-After") ?? 0) }));
    request.send(body);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function accepted({ row }, { documents, refused: others }) {
  if (!documents.length) return refused({ row }, others[0].problem.code);
  const [taken] = documents;
  for (const old of list.querySelectorAll(`li[data-id="${taken.id}"]`)) old.remove();
  row.dataset.id = taken.id;
  row.querySelector(".name").textContent = taken.name; // as the service calls it from now on
  row.querySelector(".name").href = `/documents/${taken.id}`;
  mark(row, taken.state, say(`state.${taken.state}`));
  advance(row, null, 1);
  detail(row, taken.known ? say("script.known") : "");
  watch.add(taken.id);
  document.dispatchEvent(new Event("formtally:sent"));
  return undefined;
}

function refused({ row }, code) {
  mark(row, "refused", say("script.refused"));
  advance(row, null, 1);
  detail(row, fault(code));
}

function later(job, text, milliseconds) {
  detail(job.row, text);
  setTimeout(() => {
    detail(job.row, "");
    queue.unshift(job);
    sendNext();
  }, milliseconds);
}

/** The page's secret is of an earlier session: once more with that of the present one. */
async function anew(job) {
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof Expired)) return later(job, say("script.lost"), PAUSE_MS);
    return expire(job);
  }
  queue.unshift({ ...job, renewed: true });
  return undefined;
}

/** Nobody is logged in any more: `job` waits in its place, until the person has logged in elsewhere and comes back. */
function expire(job) {
  if (job) {
    mark(job.row, "sending", say("script.queued"));
    advance(job.row, null, 1);
    queue.unshift(job);
  }
  resting = true;
  expired.hidden = false;
}

async function goOn() {
  try {
    await renew();
  } catch {
    return; // still nobody: the notice stays
  }
  expired.hidden = true;
  resting = false;
  for (const job of queue) job.renewed = false;
  watch.goOn();
  sendNext();
}

/** Files of a drop, those in folders too. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(filesOf))).flat() : [...transfer.files];
}

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return (await Promise.all(found.map(filesOf))).flat();
    found.push(...some);
  }
}

form.classList.add("scripted");
form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("change", () => {
  take(input.files);
  form.reset();
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("over");
});
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  take(await dropped(event.dataTransfer));
});
document.getElementById("go-on").addEventListener("click", goOn);
addEventListener("beforeunload", (event) => {
  if (queue.length || underWay) event.preventDefault();
});

/** Watch the documents of all rows that something is still to come of. */
export function follow() {
  for (const row of document.querySelectorAll(".uploads li")) if (row.matches(COMING)) watch.add(row.dataset.id);
}

follow();
