// Asking the API as the user of this page. After a new login in another window the page goes on with the new session.

export class Expired extends Error {}

const meta = document.querySelector("meta[name=csrf-token]");

export const secret = () => meta.content;

/** Take over the session that the browser has now. Throws `Expired` where it has none. */
export async function renew() {
  const reply = await fetch("/api/v1/me");
  if (reply.status === 401) throw new Expired();
  if (reply.ok) meta.content = (await reply.json()).csrf;
}

/** JSON of an address of the API. Throws `Expired`, or `Error` with the status as `cause`. */
export async function ask(path) {
  const reply = await fetch(path);
  if (reply.status === 401) throw new Expired();
  if (!reply.ok) throw new Error(path, { cause: reply.status });
  return reply.json();
}
