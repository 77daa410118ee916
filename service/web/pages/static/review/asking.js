// Dialogs: one element each in the page, opened and answered.

import { part } from "./elements.js";

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

export function moment(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
}
