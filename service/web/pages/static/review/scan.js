// The page of the scan: zoomed and moved by OpenSeadragon, every field outlined in the colour of its status, the active one in the middle.

import { draw, make, part } from "./elements.js";
import { turnOf } from "./turned.js";
import { say } from "../wording.js";

const READING = 2; // the page is as wide as two views: small print is read without leaning forward
const CLOSE = 0.8; // of the view that a field fills
const CLOSEST = 6;
const SMALLEST = 0.002; // of the page: what is less was a click, or beside the page

const loaded = (source) =>
  new Promise((resolve, reject) => {
    document.head.append(make("script", { src: source, onload: resolve, onerror: reject }));
  });

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box fractions of the page */

export class Scan {
  #viewer;
  #overlay = draw("svg", { class: "outlines", "aria-hidden": "true" });
  #group = draw("g");
  /** @type {Map<string, Element>} */
  #outlines = new Map();
  #rubber = draw("rect", { class: "rubber", visibility: "hidden" });
  #document;
  #model;
  #active = "";
  #onPick;
  #drawn = null;
  close = false;
  whole = false;
  page = 0;
  turn = 0;

  /**
   * @param {string} scanned SHA-256 @param {number} pages
   * @param {import("./model.js").Model} model
   * @param {(path: string) => void} onPick a field was clicked
   */
  constructor(scanned, pages, model, onPick) {
    this.#document = scanned;
    this.#model = model;
    this.#onPick = onPick;
    this.#tabs(pages);
    for (const [name, step] of [["zoom-in", 1.4], ["zoom-out", 1 / 1.4]]) {
      part(name).addEventListener("click", () => this.#viewer?.viewport.zoomBy(step).applyConstraints());
    }
    part("turn").addEventListener("click", () => {
      this.turn = (this.turn + 90) % 360;
      this.#viewer?.viewport.setRotation(this.turn, true);
      this.#aim(true);
    });
    part("zoom-page").addEventListener("click", () => {
      this.whole = true;
      this.#aim(false);
    });
    part("magnify").addEventListener("click", () => this.magnify());
    part("fade").addEventListener("click", () => this.fade());
  }

  /** Load the viewer, which is a large script: the form is on show before it. */
  async start() {
    await loaded(part("viewer").dataset.script);
    const { OpenSeadragon } = window;
    const found = document.createElementNS("", "style"); // it would add its own, which the policy forbids; what is in that stands in review.css
    found.setAttribute("data-openseadragon-mobile-css", "true");
    document.head.append(found);
    this.#viewer = OpenSeadragon({
      element: part("viewer"),
      drawer: "canvas",
      showNavigationControl: false,
      animationTime: 0.2,
      springStiffness: 12,
      visibilityRatio: 0.2,
      minZoomImageRatio: 0.8,
      maxZoomPixelRatio: 4,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false },
      gestureSettingsTouch: { dblClickToZoom: false },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: false },
    });
    this.#viewer.innerTracker.keyDownHandler = null; // keys are the form's
    this.#viewer.innerTracker.keyHandler = null;
    this.#overlay.append(this.#group, this.#rubber);
    this.#viewer.canvas.append(this.#overlay);
    this.#viewer.canvas.tabIndex = -1;
    for (const event of ["update-viewport", "open", "resize"]) this.#viewer.addHandler(event, () => this.#follow());
    this.#viewer.addHandler("open", () => this.#opened());
    this.#viewer.addHandler("open-failed", () => part("scan-fault").replaceChildren(say("review.no_page")));
    this.#viewer.addHandler("canvas-click", (event) => event.quick && this.#clicked(event.position));
    this.#load();
  }

  /** The field at `path` in the middle; another page is opened where it stands on one. */
  show(path) {
    this.#active = path;
    this.whole = false;
    const place = this.#place(path);
    if (place && place.page !== this.page) this.open(place.page);
    else this.#aim(false);
    this.paint();
  }

  /** @param {number} page 1-based */
  open(page) {
    if (page < 1 || page > part("page-tabs").childElementCount || page === this.page) return;
    this.page = page;
    part("scan-fault").replaceChildren();
    for (const tab of part("page-tabs").children) tab.ariaPressed = String(Number(tab.dataset.page) === page);
    this.#load();
  }

  /** The reduced page, which comes at once; as soon as it is shown and nothing is more urgent, the whole one over it. */
  #load() {
    if (this.page) this.#viewer?.open(this.#picture("jpg"));
  }

  #sharpen() {
    const { page } = this;
    const shown = ({ item }) => page !== this.page && this.#viewer.world.removeItem(item);
    requestIdleCallback(() => page === this.page && this.#viewer.addTiledImage({ tileSource: this.#picture("png"), success: shown }), { timeout: 1000 });
  }

  #picture(kind) {
    return { type: "image", url: `/api/v1/documents/${this.#document}/pages/${this.page}.${kind}` };
  }

  /** Between the field with what stands around it, and the field alone. */
  magnify() {
    this.close = this.whole ? this.close : !this.close;
    this.whole = false;
    part("magnify").ariaPressed = String(this.close);
    this.#aim(false);
  }

  /** Red ink becomes white, and comes back. */
  fade() {
    const faded = part("review").classList.toggle("faded");
    part("fade").ariaPressed = String(faded);
  }

  /** Outlines as the fields stand now. */
  paint() {
    const broken = new Set(this.#model.open().flatMap(({ finding }) => finding.cells.map((cell) => this.#model.at(cell))));
    const kept = new Map();
    for (const path of new Set(Object.values(this.#model.shown))) {
      const place = this.#place(path);
      if (place?.page !== this.page || place.box[2] <= place.box[0] || place.box[3] <= place.box[1]) continue;
      kept.set(path, this.#outline(path, place, broken.has(path)));
    }
    for (const [path, rect] of this.#outlines) if (kept.get(path) !== rect) rect.remove();
    this.#outlines = kept;
    const active = kept.get(this.#active);
    if (active && active !== this.#group.lastElementChild) this.#group.append(active); // over all others
  }

  #outline(path, { box }, broken) {
    const [left, top, right, bottom] = box;
    const rect = this.#outlines.get(path) ?? this.#group.appendChild(draw("rect"));
    const given = { class: `outline ${this.#model.status(path)}${broken ? " accused" : ""}${path === this.#active ? " active" : ""}`, x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(given)) if (rect.getAttribute(name) !== String(value)) rect.setAttribute(name, String(value));
    return rect;
  }

  /** Wait for a box that is drawn with the mouse. @param {(page: number, box: number[]|null) => void} drawn null: none to speak of @param {() => void} done */
  rubber(drawn, done) {
    this.cancel();
    if (!this.#viewer?.world.getItemAt(0)) return done();
    part("viewer").classList.add("drawing");
    this.#viewer.setMouseNavEnabled(false);
    const cover = make("div", { class: "cover", title: say("review.draw_hint") });
    const { canvas } = this.#viewer;
    let from = null;
    const at = (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    cover.addEventListener("pointerdown", (event) => {
      from = at(event);
      cover.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    cover.addEventListener("pointermove", (event) => from && this.#stretch(from, at(event)));
    cover.addEventListener("pointerup", (event) => {
      const box = this.#fractions(from ?? at(event), at(event));
      this.cancel();
      drawn(this.page, box[2] - box[0] > SMALLEST && box[3] - box[1] > SMALLEST ? box : null);
    });
    for (const kind of ["pointerdown", "pointermove", "pointerup"]) cover.addEventListener(kind, (event) => event.stopPropagation());
    part("viewer").append(cover);
    this.#drawn = { cover, done };
    return undefined;
  }

  /** No box is drawn any more; whether one was. */
  cancel() {
    if (!this.#drawn) return false;
    const { cover, done } = this.#drawn;
    this.#drawn = null;
    cover.remove();
    this.#rubber.setAttribute("visibility", "hidden");
    part("viewer").classList.remove("drawing");
    this.#viewer.setMouseNavEnabled(true);
    done();
    return true;
  }

  #place(path) {
    return this.#model.places.get(path) ?? this.#model.fields.get(path);
  }

  #tabs(pages) {
    for (let page = 1; page <= pages; page += 1) {
      const tab = make("button", { type: "button", class: "tab", data: { page }, aria: { pressed: "false", label: say("script.page", { number: page }) } }, String(page));
      tab.addEventListener("click", () => this.open(page));
      part("page-tabs").append(tab);
    }
    part("page-tabs").hidden = pages < 2;
  }

  /** The page as its form lies on it now. */
  right() {
    this.turn = turnOf(this.#model.sheet.record, this.page);
    this.#viewer?.viewport?.setRotation(this.turn, true);
  }

  #opened() {
    this.right();
    this.#follow();
    this.paint();
    this.#aim(true);
    part("review").dataset.page = String(this.page);
    this.#sharpen();
  }

  /** The view goes to the active field: with what stands around it, or close. */
  #aim(immediately) {
    const { viewport, world } = this.#viewer ?? {};
    const image = world?.getItemAt(0);
    if (!image) return;
    const { x: width, y: height } = image.getContentSize();
    const place = this.#place(this.#active);
    if (this.whole || place?.page !== this.page || place.box[2] <= place.box[0]) {
      viewport.goHome(immediately);
      return;
    }
    const [left, top, right, bottom] = place.box;
    const tall = height / width;
    const { x, y } = viewport.getContainerSize();
    const lies = this.turn % 180 !== 0;
    const [across, down] = lies ? [(bottom - top) * tall, right - left] : [right - left, (bottom - top) * tall];
    const fitting = Math.min(CLOSE / across, (CLOSE * (y / x)) / down);
    const zoom = Math.min((this.close ? CLOSEST : READING) / (lies ? tall : 1), fitting);
    viewport.zoomTo(zoom, undefined, immediately);
    const centre = new window.OpenSeadragon.Point((left + right) / 2, ((top + bottom) / 2) * tall);
    if (!this.close && this.turn === 0 && right - left < 1 / zoom) centre.x = Math.min(Math.max(centre.x, 0.5 / zoom), 1 - 0.5 / zoom); // the page's edge stays at the view's
    viewport.panTo(centre, immediately);
  }

  /** The outlines lie on the page wherever it goes. */
  #follow() {
    const image = this.#viewer.world?.getItemAt(0);
    if (!image) return;
    const { Point } = window.OpenSeadragon;
    const { x: width, y: height } = image.getContentSize();
    const [origin, right, foot] = [[0, 0], [1, 0], [0, height / width]].map(([x, y]) => this.#viewer.viewport.pixelFromPoint(new Point(x, y), true));
    const edges = [right.x - origin.x, right.y - origin.y, foot.x - origin.x, foot.y - origin.y, origin.x, origin.y];
    this.#group.setAttribute("transform", `matrix(${edges.join(" ")})`);
  }

  #fractions(one, other) {
    const { Point } = window.OpenSeadragon;
    const image = this.#viewer.world.getItemAt(0);
    const { x: width, y: height } = image.getContentSize();
    const [a, b] = [one, other].map(({ x, y }) => this.#viewer.viewport.pointFromPixel(new Point(x, y), true));
    const across = [a.x, b.x].sort((left, right) => left - right);
    const down = [a.y, b.y].map((y) => (y * width) / height).sort((top, bottom) => top - bottom);
    return [across[0], down[0], across[1], down[1]].map((edge) => Math.round(Math.min(Math.max(edge, 0), 1) * 1e5) / 1e5);
  }

  #stretch(one, other) {
    const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
    const given = { x, y, width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y), visibility: "visible" };
    for (const [name, value] of Object.entries(given)) this.#rubber.setAttribute(name, String(value));
  }

  #clicked(position) {
    const [x, y] = this.#fractions(position, position);
    const here = [...this.#model.fields.keys()].filter((path) => {
      const place = this.#place(path);
      const [left, top, right, bottom] = place.box;
      return place.page === this.page && left <= x && x <= right && top <= y && y <= bottom;
    });
    const area = (path) => ((box) => (box[2] - box[0]) * (box[3] - box[1]))(this.#place(path).box);
    here.sort((one, other) => area(one) - area(other));
    if (here.length) this.#onPick(this.#model.at(here[0]));
  }
}
