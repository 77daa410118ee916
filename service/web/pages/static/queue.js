// The queue by keyboard, and its list kept as it is now. htmx fetches the list; this tells it when, and what becomes of a reply that is none.

import { follow } from "./upload.js";
import { say } from "./wording.js";

const filters = document.getElementById("filters");
const search = document.getElementById("q");
const keys = document.getElementById("keys");
const away = document.getElementById("away");
const main = document.getElementById("main");

const GATHERED_MS = 500; // of many scans that come one after the other

const rows = () => [...document.querySelectorAll("#queue .open")];

/** To the row that is `step` below the one that has the focus; from elsewhere to the first. */
function walk(step) {
  const all = rows();
  const active = all.indexOf(document.activeElement);
  const next = active < 0 ? all[0] : all[Math.min(Math.max(active + step, 0), all.length - 1)];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}

let asked = false;

/** The next form, asked for once: a second press would take a second one. */
function goOn() {
  document.getElementById("next").requestSubmit();
}

const DOES = {
  n: goOn,
  Enter: goOn,
  j: () => walk(1),
  ArrowDown: () => walk(1),
  k: () => walk(-1),
  ArrowUp: () => walk(-1),
  "/": () => search.select(),
  "?": () => keys.showModal(),
};
const SAME = { N: "n", J: "j", K: "k", "？": "?", "、": "/" }; // an input method for Chinese types its own signs

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key !== "Escape" || event.target !== search) return;
    event.preventDefault(); // a browser would empty it
    search.blur();
    walk(1);
    return;
  }
  const name = SAME[event.key] ?? event.key;
  if (name === "Enter" && ![document.body, main].includes(event.target)) return; // it opens what has the focus
  if (!Object.hasOwn(DOES, name)) return;
  event.preventDefault();
  DOES[name]();
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "next") return;
  if (asked) event.preventDefault();
  asked = true;
});
addEventListener("pageshow", () => (asked = false));

// what is being composed is no word yet
const ask = () => filters.dispatchEvent(new Event("asked"));
search.addEventListener("input", (event) => event.isComposing || ask());
search.addEventListener("compositionend", ask);

/** The address behind a tab, with what was typed since the tab was drawn. */
function withTyped(path) {
  const address = new URL(path, location.href);
  for (const field of filters.querySelectorAll("input, select")) address.searchParams.set(field.name, field.value);
  for (const [name, value] of [...address.searchParams]) if (!value) address.searchParams.delete(name);
  return address.pathname + address.search;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id.startsWith("tab-")) detail.path = withTyped(detail.path);
  for (const [name, value] of [...detail.formData]) if (!value) detail.formData.delete(name);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  if (new URL(xhr.responseURL).pathname !== "/reviews") {
    event.detail.shouldSwap = false; // to the login, which leads back to what was asked for
    location.reload();
  } else if (xhr.status >= 400) {
    const page = new DOMParser().parseFromString(serverResponse, "text/html");
    told(page.querySelector(".told")?.textContent ?? say("error.error"));
  } else {
    told("");
  }
});
document.addEventListener("htmx:sendError", () => told(say("script.away")));
document.addEventListener("htmx:afterSwap", () => {
  follow();
  keep();
  count();
});

function told(text) {
  away.textContent = text;
  away.hidden = !text;
}

/** The list as it is now; the focus stays where it is. */
const refresh = () => globalThis.htmx.ajax("GET", location.pathname + location.search, { target: "#queue", select: "#queue", swap: "outerHTML" });
let due = 0;
function soon() {
  due ||= setTimeout(() => {
    due = 0;
    refresh();
  }, GATHERED_MS);
}
for (const name of ["formtally:sent", "formtally:read"]) document.addEventListener(name, soon);
document.addEventListener("visibilitychange", () => document.hidden || refresh());

/** What stands above the list is counted with it. */
function count() {
  const { open, waiting } = document.getElementById("queue").dataset;
  document.getElementById("open").textContent = open;
  const sign = document.getElementById("waiting");
  sign.textContent = waiting;
  sign.hidden = waiting === "0";
}

/** Whatever is next after the form that is opened from here is looked for under the same filter. */
const keep = () => sessionStorage.setItem("formtally.queue", document.getElementById("queue").dataset.next);
keep();

const help = document.getElementById("show-keys");
help.hidden = false;
help.addEventListener("click", () => keys.showModal());
document.documentElement.classList.add("scripted");
filters.dataset.ready = "";
