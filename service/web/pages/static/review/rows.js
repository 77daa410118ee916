// Rows of a table that the machine missed, made up, cut in two or took together.

import { make, part } from "./elements.js";
import { ask } from "./asking.js";

const CELL = /^tables\.([a-z0-9_]+)\[(\d+)\]\.([a-z0-9_]+)$/;

/** @param {string} path @returns {{table: string, row: number, column: string}|null} null outside of tables with rows */
export function cellOf(path) {
  const found = CELL.exec(path);
  return found ? { table: found[1], row: Number(found[2]), column: found[3] } : null;
}

/** What is to be done to the row of `path`; null where nothing. */
export async function rowChange(model, label, action, path) {
  const cell = cellOf(path);
  if (!cell) return null;
  const { table, row } = cell;
  if (action === "split_row") return split(model, label, table, row);
  if (action === "add_row") return { action, table, row: row + 1 };
  const last = model.sheet.record.tables[table].length - 1;
  if (action === "join_rows" && row >= last) return null;
  return { action, table, row };
}

async function split(model, label, table, row) {
  const columns = Object.keys(model.sheet.record.tables[table][row]);
  const path = (column) => `tables.${table}[${row}].${column}`;
  const lines = columns.map((column) => {
    const text = model.text(model.at(path(column)));
    const name = label(model.at(path(column)));
    const input = (part_, value) => make("input", { name: `${part_} ${column}`, value, aria: { label: `${name} ${part_ === "upper" ? "↑" : "↓"}` } });
    const spans = model.at(path(column)) !== path(column) || model.at(`tables.${table}[${row + 1}].${column}`) === path(column);
    const both = make("input", { type: "checkbox", name: `both ${column}`, checked: spans, aria: { label: name } });
    return make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, input("upper", text)), make("td", {}, input("lower", "")), make("td", {}, both));
  });
  part("split-rows").replaceChildren(...lines);
  if (!(await ask("split"))) return null;
  const given = new FormData(part("split-form"));
  const own = columns.filter((column) => !given.has(`both ${column}`));
  const texts = (which) => Object.fromEntries(own.map((column) => [column, String(given.get(`${which} ${column}`) ?? "")]));
  return { action: "split_row", table, row, upper: texts("upper"), lower: texts("lower") };
}
