// The magnifier beside a form: the picture and the reading of the value that the pointer or the keyboard is on.

import { Expired, ask } from "./session.js";
import { say } from "./wording.js";

const glass = document.getElementById("glass");
const part = (name) => document.getElementById(name);
const spots = [...document.querySelectorAll(".paper .spot")];
const toCheck = spots.filter((spot) => spot.matches(".doubtful, .accused"));

const { fields } = await ask(`/api/v1/forms/${glass.dataset.form}/fields`).catch((error) => {
  if (error instanceof Expired) location.reload(); // which leads to the login, and back
  throw error;
});
const found = new Map(fields.map((each) => [each.path, each]));
const pages = part("seen-page").getAttribute("href").replace(/1\.png$/, "");

const percent = (share) => `${Math.floor(share * 1000) / 10} %`; // 99.99 % is not 100

function show(spot) {
  const seen = found.get(spot.dataset.path);
  if (!seen || spot.classList.contains("active")) return;
  for (const other of document.querySelectorAll(".spot.active")) other.classList.remove("active");
  spot.classList.add("active");
  const { field, crop } = seen;
  part("seen-label").textContent = spot.dataset.label;
  part("seen-crop").src = crop;
  part("seen-crop").alt = say("script.crop", { label: spot.dataset.label, text: field.text });
  part("seen-text").textContent = field.text;
  part("seen-status").textContent = say(`status.${spot.dataset.status}`);
  part("seen-confidence").textContent = percent(field.confidence);
  part("seen-read-as").textContent = field.read_as ?? "";
  part("seen-read-as-row").hidden = !field.read_as;
  const others = field.alternatives ?? [];
  part("seen-others").replaceChildren(...others.map((other) => item(`${other.text}　${percent(other.confidence)}`)));
  part("seen-others-row").hidden = !others.length;
  part("seen-page").href = `${pages}${field.page}.png`;
  part("seen-page").textContent = say("script.page", { number: field.page });
  part("glass-hint").hidden = true;
  part("seen").hidden = false;
}

function item(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

/** To the value to check that comes `step` places behind the active one. */
function walk(step) {
  const active = spots.findIndex((spot) => spot.classList.contains("active"));
  const ahead = toCheck.filter((spot) => (spots.indexOf(spot) - active) * step > 0);
  const next = step > 0 ? (ahead[0] ?? toCheck[0]) : (ahead.at(-1) ?? toCheck.at(-1));
  next.focus();
  next.scrollIntoView({ block: "center" });
}

for (const spot of spots) {
  spot.addEventListener("focus", () => show(spot));
  spot.addEventListener("pointerenter", () => show(spot));
  spot.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a window of its own
    event.preventDefault();
    show(spot);
  });
}
for (const [name, step] of [["before", -1], ["after", 1]]) {
  part(name).hidden = !toCheck.length;
  part(name).addEventListener("click", () => walk(step));
}
const already = spots.find((spot) => spot.matches(":focus, :hover, :target")); // while this script was on its way
if (already) show(already);
glass.dataset.ready = "";
addEventListener("hashchange", () => spots.find((spot) => `#${spot.id}` === decodeURIComponent(location.hash))?.focus());
