// Pages as pictures, reduced at once and then as sharp as the scan, and cut-outs of them, which cost no request.

const AT_ONCE = 2; // pages that are kept ready; at 300 dpi each takes 35 MB
const MARGIN = [0.012, 0.008]; // fractions of the page around a field
const SHARPEST = 2; // pixels of the screen for one of the scan
const REDUCED = 1240; // of the shorter side: a smaller page has come as it is, one of this size may be half of what it is

export class Pictures {
  #document;
  /** @type {Map<number, {wanted: Promise<void>, whole: Promise<void>, bitmap: ImageBitmap|null, sharp: boolean, dropped: boolean}>} */
  #pages = new Map();

  /** @param {string} document SHA-256 */
  constructor(document) {
    this.#document = document;
  }

  /** Have page `number` ready, reduced at first; resolves in any case. @param {number} number */
  page(number) {
    const known = this.#pages.get(number);
    if (known) {
      this.#pages.delete(number); // to the end: the page that was not looked at for longest goes first
      this.#pages.set(number, known);
      return known.wanted;
    }
    const made = { bitmap: null, sharp: false, dropped: false, wanted: Promise.resolve(), whole: Promise.resolve() };
    made.wanted = this.#fetch(number, made, "jpg");
    made.whole = made.wanted.then(() => this.#fetch(number, made, "png"));
    this.#pages.set(number, made);
    while (this.#pages.size > AT_ONCE) this.#drop([...this.#pages.keys()][0]);
    return made.wanted;
  }

  /** Have page `number` as sharp as the scan; resolves in any case. @param {number} number */
  whole(number) {
    this.page(number);
    return this.#pages.get(number)?.whole;
  }

  /** Whether page `number` is here, and as sharp as the scan. @param {number} number */
  sharp(number) {
    return this.#pages.get(number)?.sharp ?? false;
  }

  /**
   * Draw the part of a page at `place` and a little around it, upright and as large as it fits; whether the page was here.
   * @param {HTMLCanvasElement} canvas @param {import("./model.js").Place|undefined} place @param {number} turn degrees clockwise
   */
  cut(canvas, place, turn) {
    const { bitmap, sharp } = (place && this.#pages.get(place.page)) ?? {};
    if (!bitmap) return false;
    const most = sharp || Math.min(bitmap.width, bitmap.height) < REDUCED ? SHARPEST : 2 * SHARPEST; // as large as it will be when it is sharp
    const [left, top] = [Math.max(place.box[0] - MARGIN[0], 0) * bitmap.width, Math.max(place.box[1] - MARGIN[1], 0) * bitmap.height];
    const width = Math.max(Math.min(place.box[2] + MARGIN[0], 1) * bitmap.width - left, 1);
    const height = Math.max(Math.min(place.box[3] + MARGIN[1], 1) * bitmap.height - top, 1);
    const [across, down] = turn % 180 ? [height, width] : [width, height];
    const { clientWidth, clientHeight } = canvas.parentElement;
    const scale = Math.min((clientWidth - 12) / across, (clientHeight - 10) / down, most);
    if (scale <= 0) return true; // no room: the page beside it is picture enough
    const fine = scale * (window.devicePixelRatio || 1);
    canvas.width = Math.max(Math.round(across * fine), 1);
    canvas.height = Math.max(Math.round(down * fine), 1);
    canvas.style.width = `${across * scale}px`;
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.translate(canvas.width / 2, canvas.height / 2);
    context.rotate((turn * Math.PI) / 180);
    context.drawImage(bitmap, left, top, width, height, (-width * fine) / 2, (-height * fine) / 2, width * fine, height * fine);
    return true;
  }

  async #fetch(number, made, kind) {
    if (made.dropped) return;
    try {
      const reply = await fetch(`/api/v1/documents/${this.#document}/pages/${number}.${kind}`);
      if (!reply.ok) throw new Error(String(reply.status));
      const bitmap = await createImageBitmap(await reply.blob());
      made.bitmap?.close();
      made.bitmap = bitmap;
      made.sharp = kind === "png";
      if (made.dropped) bitmap.close();
    } catch {
      made.dropped = true;
      if (this.#pages.get(number) === made) this.#pages.delete(number); // asked for again when it is wanted again
    }
  }

  #drop(number) {
    const made = this.#pages.get(number);
    this.#pages.delete(number);
    made.dropped = true;
    made.bitmap?.close();
  }
}
