// What the events of a form's history come to: which were undone or done again, which changed nothing, and which turned a page.

/**
 * @typedef {{at: string, user: string, version: number, action: string, path: string, text_before: string, text: string, reason: string,
 *   payload: any, hidden: boolean}} Event as GET /forms/{id}/history tells
 * @typedef {{event: Event, action: string, of: Event[], turned: {page: number, degrees: number}|null}} Told
 *   `action`: what the history calls it, or `redo`, `confirm`, `turn`; `of`: the events that are undone or done again
 * @param {Event[]} events of one form, the first first @returns {Told[]}
 */
export function toldOf(events) {
  const steps = new Map();
  for (const event of events) steps.set(event.version, [...(steps.get(event.version) ?? []), event]);
  const standing = []; // the arrangements that count so far
  return events.map((event) => {
    const made = { event, action: event.action, of: [], turned: null };
    if (event.action === "undo") {
      const { of, again } = meant(steps, event);
      Object.assign(made, { action: again ? "redo" : "undo", of });
      if (of[0]?.action === "arrange") again ? standing.push(of[0]) : standing.pop();
    } else if (event.action === "arrange") {
      made.turned = turn(standing.at(-1), event);
      if (made.turned) made.action = "turn";
      standing.push(event);
    } else if (event.action === "set_field" && event.text === event.text_before && !event.payload.page) made.action = "confirm";
    return made;
  });
}

/** Those that concern a field: said of it, undone, or a finding on it that was closed. @param {Told[]} told @param {string} path */
export function concerning(told, path) {
  const says = (event) => event.path === path || (event.action === "close_finding" && event.payload.cells.includes(path));
  return told.filter(({ event, of }) => says(event) || of.some(says)).map((each) => ({ ...each, of: each.of.filter(says) }));
}

/** The events behind an undo; where that undoes another, those that it does again. */
function meant(steps, event) {
  let [of, again] = [steps.get(event.payload.version) ?? [], false];
  while (of[0]?.action === "undo") [of, again] = [steps.get(of[0].payload.version) ?? [], !again];
  return { of, again };
}

/** The page that an arrangement turned, clockwise from how it is stored; null where it turned none. */
function turn(before, event) {
  const known = new Map(before?.payload.turns ?? []);
  const [page, quarters] = (event.payload.turns ?? []).find(([page, quarters]) => known.get(page) !== quarters) ?? [0, 0];
  return page ? { page, degrees: quarters * 90 } : null;
}
