// Elements made by hand: whatever is read from paper or typed by somebody becomes text, never markup.

/**
 * @param {string} tag @param {Record<string, any>} [given] properties; `data`, `aria` and `class` as attributes
 * @param {...(Node|string)} children
 */
export function make(tag, { data = {}, aria = {}, class: name = "", ...given } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  if (name) made.className = name;
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(aria)) made.setAttribute(key === "role" ? key : `aria-${key}`, value);
  made.append(...children);
  return made;
}

/** @param {string} id @returns {any} */
export const part = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

export function draw(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
