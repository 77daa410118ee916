// Dialogs: one element each in the page, opened and answered.

import { make, part } from "./elements.js";
import { has, say } from "../wording.js";
import { request } from "./wire.js";

/**
 * Open a dialog; `true` once its form is sent by another button than that of "cancel".
 * @param {string} id @returns {Promise<boolean>}
 */
export function ask(id) {
  const dialog = part(id);
  const before = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        before?.focus?.({ preventScroll: true });
        resolve(dialog.returnValue === "yes");
      },
      { once: true },
    );
  });
}

/** What people have said of one field. @param {string} form @param {string} path @param {string} label */
export async function showHistory(form, path, label) {
  part("history-of").textContent = label;
  const list = part("history-list");
  list.replaceChildren(make("li", {}, say("review.loading")));
  const opened = ask("history");
  const { status, body } = await request("GET", `/forms/${form}/history?path=${encodeURIComponent(path)}`);
  const events = (body.corrections ?? []).filter((event) => !path || event.path === path);
  const items = events.map((event) => make("li", {}, ...told(event)));
  list.replaceChildren(...(items.length ? items : [make("li", { class: "hint" }, say(status === 200 ? "review.no_history" : "review.not_now"))]));
  return opened;
}

function told({ at, user, action, text_before: before, text, reason }) {
  const time = make("time", { dateTime: at }, moment(at));
  const words = [time, make("strong", {}, user)];
  if (action && action !== "set_field") words.push(make("span", {}, has(`action.${action}`) ? say(`action.${action}`) : action));
  else words.push(make("del", {}, before || "—"), make("span", { aria: { hidden: "true" } }, "→"), make("ins", {}, text || "—"));
  if (reason) words.push(make("span", { class: "hint" }, reason));
  return words;
}

export function moment(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
}
