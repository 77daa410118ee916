// One document that is still to be read: its progress, then its page as it is at the end.

import { Watch, ended, stageOf } from "./watch.js";
import { say, stageWord } from "./wording.js";

const standing = document.getElementById("standing");
const bar = standing.querySelector("progress");
const chip = standing.querySelector(".stage");

function show(now) {
  if (ended(now)) return location.reload();
  const stage = stageOf(now);
  chip.className = `stage ${stage}`;
  chip.textContent = stageWord(stage);
  bar.hidden = stage !== "reading";
  bar.max = now.pages || 1;
  bar.value = now.pages_read;
  standing.querySelector(".detail").textContent = now.pages ? say("script.pages", { read: now.pages_read, pages: now.pages }) : "";
  return undefined;
}

new Watch(show, () => location.reload()).add(standing.dataset.id);
