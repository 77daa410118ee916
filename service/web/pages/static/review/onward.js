// Back to the queue, and on to its next form: with the filters that the queue put into the address of this page.

import { request } from "./wire.js";

const QUEUE = "/reviews";
const FILTERS = ["state", "year", "unit", "kind", "finding", "q", "order"];
const STATES = ["waiting", "returned", "approved"];
const MOST_PASSED = 50; // of those passed over; the first is forgotten for the next one

/** @param {string} form @param {boolean} passing it is not wanted again now @returns {string} the address of the queue */
export function queueAddress(form, passing) {
  const query = new URLSearchParams(location.search);
  if (passing) query.set("passed", passed(form).join(","));
  const asked = query.toString();
  return asked ? `${QUEUE}?${asked}` : QUEUE;
}

/** Where the next free form is, which is then this user's; the queue where there is none. @param {string} form */
export async function nextAddress(form) {
  const query = new URLSearchParams(location.search);
  const wanted = Object.fromEntries(FILTERS.filter((name) => query.get(name)).map((name) => [name, name === "year" ? Number(query.get(name)) : query.get(name)]));
  if (!STATES.includes(wanted.state)) delete wanted.state;
  const { status, body } = await request("POST", "/reviews/next", { body: { ...wanted, passed: passed(form) } });
  return status === 200 ? `/review/${body.id}${location.search}` : queueAddress(form, false);
}

const passed = (form) => [...new Set([...(new URLSearchParams(location.search).get("passed") ?? "").split(","), form])].filter(Boolean).slice(-MOST_PASSED);
