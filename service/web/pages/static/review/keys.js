// Keys to actions. What a key does depends on where the focus is: in a field of the form, in another input, or nowhere.

const TYPED_ON_MS = 1500;

/**
 * @typedef {{accept(step: number): void, choose(number: number): boolean, undo(): void, redo(): void, magnify(): void, approve(): void,
 *   leave(): void, help(): void, history(whole?: boolean): void, fade(): void, box(): void, finding(): void, page(step: number): void,
 *   row(action: string): void, give_back(): void, arrange(): void}} Actions
 */

/** Digits choose a reading as long as the field is as it was found; whoever types on meant a number. */
class Choosing {
  #entry = null;
  #digit = "";
  #at = 0;

  fresh(entry) {
    return entry.selectionStart === 0 && entry.selectionEnd === entry.value.length && entry.value.length > 0;
  }

  chose(entry, digit) {
    this.#entry = entry;
    this.#digit = digit;
    this.#at = performance.now();
    entry.select();
  }

  /** Something is typed: where a digit has just chosen a reading, it was the first of what is typed. */
  typed(entry, key) {
    const meant = this.#entry === entry && performance.now() - this.#at < TYPED_ON_MS && this.fresh(entry);
    this.#entry = null;
    if (!meant) return false;
    entry.value = `${this.#digit}${key}`;
    entry.setSelectionRange(entry.value.length, entry.value.length);
    entry.dispatchEvent(new InputEvent("input", { bubbles: true }));
    return true;
  }
}

const PLAIN = { F2: "magnify", F8: "fade", F9: "box", F1: "help" };
const WITH_ALT = { KeyH: "history", KeyO: "finding", KeyR: "give_back", KeyA: "arrange", KeyM: "magnify", KeyB: "box", KeyG: "fade" };
const ROWS = { Insert: "add_row", Delete: "remove_row", KeyJ: "join_rows", KeyS: "split_row" };

/** @param {Actions} actions */
export function listen(actions) {
  const choosing = new Choosing();
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // a Chinese input method is at work
    if (document.querySelector("dialog[open]")) return; // which has its own keys
    if (handled(event, actions, choosing)) event.preventDefault();
  });
}

function handled(event, actions, choosing) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey, target } = event;
  const control = ctrlKey || metaKey;
  const entry = target.matches?.("textarea.entry") ? target : null;
  if (control && key === "Enter") return done(actions.approve());
  if (control && !altKey && code === "KeyZ") return elsewhere(target) ? false : done(shiftKey ? actions.redo() : actions.undo());
  if (control && !altKey && code === "KeyY") return elsewhere(target) ? false : done(actions.redo());
  if (control) return false;
  if (altKey && /^(Digit|Numpad)[1-9]$/.test(code)) return chosen(entry, code.at(-1), actions, choosing);
  if (altKey && code in WITH_ALT) return done(actions[WITH_ALT[code]]());
  if (altKey && code in ROWS) return done(actions.row(ROWS[code]));
  if (altKey) return false;
  if (key === "F4") return done(actions.history(shiftKey));
  if (key in PLAIN) return done(actions[PLAIN[key]]());
  if (key === "Escape") return done(actions.leave());
  if (key === "PageDown" || key === "PageUp") return done(actions.page(key === "PageDown" ? 1 : -1));
  if (!entry) return key === "?" && !elsewhere(target) ? done(actions.help()) : false;
  if (key === "Enter") return done(actions.accept(shiftKey ? -1 : 1));
  if (key.length !== 1 || entry.readOnly) return key === "?" ? done(actions.help()) : false;
  if (choosing.typed(entry, key)) return true;
  if (!choosing.fresh(entry)) return false;
  if (key === "?") return done(actions.help());
  return /^[1-9]$/.test(key) && chosen(entry, key, actions, choosing);
}

function chosen(entry, digit, actions, choosing) {
  if (!entry || !actions.choose(Number(digit))) return false;
  choosing.chose(entry, digit);
  return true;
}

const elsewhere = (target) => target.matches?.("input, select, textarea:not(.entry)") ?? false;

function done(_result) {
  return true;
}
