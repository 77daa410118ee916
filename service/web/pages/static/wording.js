// Sentences of the catalogue, in the language of the page.

const given = document.getElementById("texts"); // in a page that must not wait for them
const texts = given ? JSON.parse(given.textContent) : await fetched();

async function fetched() {
  const reply = await fetch(`/texts/${document.documentElement.lang}.json`);
  return reply.ok ? reply.json() : {};
}

export const has = (key) => key in texts;

export const say = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export const fault = (code, seconds = 0) => say(has(`error.${code}`) ? `error.${code}` : "error.error", { seconds });

const REVIEWED = { review: "waiting", taken: "taken", returned: "returned", approved: "approved", done: "none" };

/** What a stage is called (service/web/pages/standing.py). */
export const stageWord = (stage) => say(stage in REVIEWED ? `review_state.${REVIEWED[stage]}` : `state.${stage}`);

export const kind = (name) => (has(`kind.${name}`) ? say(`kind.${name}`) : name);
