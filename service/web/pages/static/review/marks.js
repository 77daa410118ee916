// Which characters of a reading are in doubt, and which digits no rule would miss if they were wrong.

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
