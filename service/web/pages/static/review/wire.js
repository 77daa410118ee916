// One request to the API as the user of this page: its status and what it says; status 0 where the connection is lost.

import { secret } from "../session.js";

/**
 * @typedef {{status: number, body: any, wait: number}} Reply `wait`: seconds until it is worth trying again.
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {{body?: unknown, version?: number, signal?: AbortSignal, keepalive?: boolean}} [more] `version`: that was seen, for If-Match
 * @returns {Promise<Reply>}
 */
export async function request(method, path, { body, version, signal, keepalive } = {}) {
  const headers = { "X-CSRF-Token": secret() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  try {
    const reply = await fetch(`/api/v1${path}`, { method, headers, signal, keepalive, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await reply.text();
    return { status: reply.status, body: parsed(text), wait: Number(reply.headers.get("Retry-After") ?? 0) };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { status: 0, body: {}, wait: 0 };
  }
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return {};
  }
}
