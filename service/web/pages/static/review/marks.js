// Which characters of a reading are in doubt, which digits no rule would miss if they were wrong, and where readings differ.

const SHORT = 16; // characters of a reading that is shown whole
const BESIDE = 2; // characters of what is the same that stay on each side of what differs

/**
 * For each character of `text`: whether some other reading has another one in its place.
 * Readings are aligned by their longest common subsequence; where a character is missing, its neighbours are in doubt.
 * @param {string} text @param {string[]} others @returns {boolean[]}
 */
export function doubted(text, others) {
  const own = [...text];
  const found = own.map(() => false);
  for (const other of others) {
    const kept = aligned(own, [...other]);
    const extra = [...other].length > kept.filter((place) => place >= 0).length;
    let before = -1;
    kept.forEach((place, index) => {
      if (place < 0) found[index] = true;
      else {
        if (extra && place > before + 1 && !(index > 0 && kept[index - 1] < 0)) found[index] = true; // something stands before it there
        before = place;
      }
    });
    if (own.length && extra && before >= 0 && before < [...other].length - 1) found[own.length - 1] = true;
  }
  return found;
}

/** @param {string[]} own @param {string[]} other @returns {number[]} for each of `own` its place in `other`, -1 where it has none */
function aligned(own, other) {
  const shorter = Math.min(own.length, other.length);
  let [begun, ended] = [0, 0];
  while (begun < shorter && own[begun] === other[begun]) begun += 1;
  while (ended < shorter - begun && own.at(-1 - ended) === other.at(-1 - ended)) ended += 1;
  const middle = matched(own.slice(begun, own.length - ended), other.slice(begun, other.length - ended));
  const inside = middle.map((place) => (place < 0 ? -1 : begun + place));
  const behind = Array.from({ length: ended }, (_, index) => other.length - ended + index);
  return [...Array(begun).keys(), ...inside, ...behind];
}

function matched(own, other) {
  const lengths = Array.from({ length: own.length + 1 }, () => new Uint16Array(other.length + 1));
  for (let i = own.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = own[i] === other[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const places = own.map(() => -1);
  for (let i = 0, j = 0; i < own.length && j < other.length; ) {
    if (own[i] === other[j]) places[i++] = j++;
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return places;
}

/**
 * `text` beside readings that look like it: what differs, and of what is the same only what stands next to that, where it is long.
 * @param {string} text @param {string[]} others @returns {{text: string, differs: boolean}[]}
 */
export function differing(text, others) {
  const own = [...text];
  const marked = doubted(text, others);
  const made = [];
  own.forEach((character, index) => {
    if (made.at(-1)?.differs === marked[index]) made.at(-1).text += character;
    else made.push({ text: character, differs: marked[index] });
  });
  if (own.length <= SHORT || !marked.some(Boolean)) return made;
  return made.map((run, index) => (run.differs ? run : { ...run, text: short([...run.text], index > 0, index < made.length - 1) }));
}

/** A stretch without its middle, or its outer end where nothing follows there. */
function short(run, before, behind) {
  const kept = [before ? run.slice(0, BESIDE) : [], behind ? run.slice(-BESIDE) : []];
  const rest = run.length - kept[0].length - kept[1].length;
  return rest > 1 ? [...kept[0], "…", ...kept[1]].join("") : run.join("");
}

/**
 * `text` in runs of characters of one kind: `doubt`, `guarded` (a rule would break), `loose` (a digit that no rule watches), or plain.
 * @param {string} text @param {boolean[]} doubts @param {boolean[]} guarded of each character; empty where no rule was asked
 * @returns {{text: string, kind: string}[]}
 */
export function runs(text, doubts, guarded) {
  const made = [];
  [...text].forEach((character, index) => {
    const watched = guarded.length ? (guarded[index] ? "guarded" : "loose") : "";
    const kind = doubts[index] ? "doubt" : /\d/.test(character) ? watched : "";
    if (made.at(-1)?.kind === kind) made.at(-1).text += character;
    else made.push({ text: character, kind });
  });
  return made;
}
