// The form on the desk: its record, what was typed and not yet kept, and which field is next. Knows neither page nor network.

/**
 * @typedef {{text: string, value: string|null, value_type?: string, page: number, box: number[], confidence: number, status: string,
 *   alternatives: {text: string, confidence: number}[], read_as?: string, protected?: boolean[]}} Field
 * @typedef {{text: string, path: string, name: string}} Term
 * @typedef {{rule: string, severity: string, terms: Term[], truth: string, expected: string}} Equation
 * @typedef {{rule: string, severity: string, verdict: string, message: string, cells: string[], expected: string, printed: string}} Finding
 * @typedef {{path: string, keying: "to_key"|"keyed"|"different"|"alike", said: {user: string, text: string}[]}} Keying of a field that two people key
 * @typedef {{id: string, version: number, state: string, doubts: string[], settled: string[], closed: number[], record: any, draft: any, undo: boolean, redo: boolean,
 *   may_approve: boolean, equations: Equation[], keyings: Keying[], taken_by: string}} Sheet as GET /forms/{id}/review tells
 * @typedef {{page: number, box: number[]}} Place
 */

/** @param {any} record @returns {Map<string, Field>} every field by its path */
export function fieldsOf(record) {
  const found = new Map();
  for (const [name, field] of Object.entries(record.fields)) found.set(`fields.${name}`, field);
  for (const [table, rows] of Object.entries(record.tables)) {
    rows.forEach((row, index) => {
      if (row.content) found.set(`tables.${table}[${index}]`, row.content);
      else for (const [column, field] of Object.entries(row)) found.set(`tables.${table}[${index}].${column}`, field);
    });
  }
  (record.unplaced ?? []).forEach((field, index) => found.set(`unplaced[${index}]`, field));
  return found;
}

export class Model {
  /**
   * @param {Sheet} sheet
   * @param {Record<string, string>} shown at which path the value of each path stands on the page
   * @param {string[]} order paths that need a person, in the order in which they are looked at
   */
  constructor(sheet, shown, order) {
    this.lay(sheet, shown, order);
    /** @type {Map<string, string>} in the inputs, not yet accepted */
    this.typed = new Map();
    /** @type {Map<string, string>} accepted, on its way */
    this.sent = new Map();
    /** @type {Set<string>} typed here, while somebody has settled the field otherwise: nothing sends them but a key on the field itself */
    this.contested = new Set();
    /** @type {Map<string, Place>} boxes that were drawn */
    this.places = new Map();
    /** @type {Map<string, {text: string}[]>} readings of such boxes */
    this.readings = new Map();
  }

  lay(sheet, shown, order) {
    this.shown = shown;
    this.order = order;
    this.take(sheet);
  }

  /** What stands now. @param {Sheet} sheet */
  take(sheet) {
    this.sheet = sheet;
    this.said = new Set(sheet.settled.map((path) => this.at(path)));
    this.fields = fieldsOf(sheet.record);
    /** @type {Map<string, Keying>} */
    this.keyings = new Map(sheet.keyings.map((each) => [this.at(each.path), each]));
    this.unkeyed = new Set(sheet.keyings.filter(({ keying }) => keying !== "alike").map(({ path }) => this.at(path)));
    const known = new Set(this.order);
    this.order.push(...sheet.doubts.map((path) => this.at(path)).filter((path) => !known.has(path)));
  }

  /** Whether the page shows the fields that `sheet` has, in the same shape. @param {Sheet} sheet */
  fits(sheet) {
    const paths = [...fieldsOf(sheet.record).keys()];
    const same = paths.length === this.fields.size && paths.every((path) => this.fields.has(path));
    return same && sheet.record.kind === this.sheet.record.kind && sheet.record.template === this.sheet.record.template;
  }

  at(path) {
    return this.shown[path] ?? path;
  }

  /** What stands in its input. */
  text(path) {
    return this.typed.get(path) ?? this.base(path);
  }

  /** What stands there without what is only typed. */
  base(path) {
    const undecided = this.keying(path) === "different"; // neither of two texts goes before the other
    return this.sent.get(path) ?? (undecided ? "" : (this.fields.get(path)?.text ?? ""));
  }

  /** How far the keying of a field is that two people key; undefined of all others. */
  keying(path) {
    return this.keyings.get(path)?.keying;
  }

  /** Whether what is read there is hidden until two have keyed it. */
  hides(path) {
    return ["to_key", "keyed"].includes(this.keying(path));
  }

  /** Whether the text must come from the reviewer: nothing that stands there may be accepted. */
  asksKeying(path) {
    return ["to_key", "different"].includes(this.keying(path)) && !this.sent.has(path);
  }

  /** Fields that the reviewer has keyed and another has not. */
  others() {
    return [...this.keyings.keys()].filter((path) => this.keying(path) === "keyed");
  }

  /** Whether nothing is left that the reviewer could do, but something for another. */
  isOthersTurn() {
    return this.others().length > 0 && !this.waiting().length && !this.open().length;
  }

  /** Whether a finding is about a number that two must key yet. @param {Finding} finding */
  pending(finding) {
    return finding.cells.some((cell) => this.unkeyed.has(this.at(cell)));
  }

  type(path, text) {
    if (text !== this.base(path)) return this.typed.set(path, text);
    this.contested.delete(path);
    return this.typed.delete(path);
  }

  /** Fields among `paths` in which something else is typed than what a colleague has made of them. @param {string[]} paths */
  contest(paths) {
    for (const path of paths.map((each) => this.at(each))) if (this.typed.has(path)) this.contested.add(path);
  }

  /** Typed or on its way: what would be lost. @returns {Record<string, string>} */
  unsent() {
    return Object.fromEntries([...this.sent, ...this.typed]);
  }

  /** As the record has it, or `settled`: a person has said what stands there. */
  status(path) {
    if (this.unkeyed.has(path)) return "doubtful";
    if (this.settled(path)) return "settled";
    return this.fields.get(path)?.status ?? "blank";
  }

  settled(path) {
    return this.sent.has(path) || this.said.has(path);
  }

  /** Nothing is left to be asked: a person has settled it, or the machine is as sure as a record can say. */
  certain(path) {
    if (this.asksKeying(path)) return false;
    const field = this.fields.get(path);
    return this.settled(path) || this.keying(path) === "keyed" || (field?.confidence === 1 && this.status(path) !== "doubtful");
  }

  /** Findings that want a person and can be judged, with their place among all. @returns {{index: number, finding: Finding}[]} */
  open() {
    const closed = new Set(this.sheet.closed);
    return this.sheet.record.findings
      .map((finding, index) => ({ finding, index }))
      .filter(({ finding, index }) => !closed.has(index) && !this.pending(finding) && (finding.severity === "error" || finding.verdict === "undecided"));
  }

  /** Fields that need a person, in their order. */
  waiting() {
    const doubts = new Set(this.sheet.doubts.map((path) => this.at(path)));
    const broken = new Set(this.open().flatMap(({ finding }) => finding.cells.map((cell) => this.at(cell))));
    const ordered = [...this.order, ...[...broken].filter((path) => !this.order.includes(path) && this.fields.get(path)?.status === "read")];
    const needed = ordered.filter((path) => this.fields.has(path) && !this.certain(path) && (doubts.has(path) || broken.has(path)));
    return [...new Set([...this.contested, ...needed])];
  }

  /** The field that is next behind `path`; undefined where none is left but that. */
  next(path, step = 1) {
    const waiting = this.waiting();
    const ring = [...new Set([...this.order, ...waiting, path])];
    const from = ring.indexOf(path);
    for (let count = 1; count < ring.length; count += 1) {
      const candidate = ring[(from + step * count + ring.length * count) % ring.length];
      if (waiting.includes(candidate)) return candidate;
    }
    return undefined;
  }

  /** Findings that name `path`. */
  accusing(path) {
    return this.sheet.record.findings.map((finding, index) => ({ finding, index })).filter(({ finding }) => finding.cells.some((cell) => this.at(cell) === path));
  }

  /** Whether an open finding names `path`. */
  accused(path) {
    return this.open().some(({ finding }) => finding.cells.some((cell) => this.at(cell) === path));
  }

  equations(path) {
    return this.sheet.equations.filter(({ terms }) => terms.some((term) => term.path && this.at(term.path) === path));
  }

  /** Readings to choose from, best first. @returns {{text: string, confidence?: number, user?: string}[]} */
  choices(path) {
    const field = this.fields.get(path);
    if (!field || this.hides(path)) return [];
    if (this.keying(path) === "different") return this.keyings.get(path).said.map(({ text, user }) => ({ text, user })).slice(0, 9);
    const all = [...(this.readings.get(path) ?? []), { text: field.text, confidence: field.confidence }, ...field.alternatives];
    if (field.read_as) all.push({ text: field.read_as });
    return all.filter(({ text }, index) => text && all.findIndex((other) => other.text === text) === index).slice(0, 9);
  }
}
