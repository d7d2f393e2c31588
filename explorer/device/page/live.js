/** A camera or a screen, judged frame by frame; nothing of it is kept. */

import { PageError } from "./errors.js";
import { pixelsOf } from "./frames.js";
import { draw, make } from "./markup.js";

const KEPT = 120; // values on the curve
const LONGEST = 1280; // pixels of a frame, larger ones are scaled down

export class Live {
  constructor(place, variant) {
    this.video = make("video", { muted: true, playsInline: true, ariaLabel: "Live picture" });
    this.box = draw("rect", { class: "box", width: 0, height: 0 });
    this.overlay = draw("svg", { "aria-hidden": "true" }, this.box);
    this.value = make("p", { className: "big", textContent: "Waiting for a face ..." });
    this.curve = draw("polyline", { class: "curve", stroke: variant.colour, points: "" });
    const curve = draw(
      "svg",
      { viewBox: "0 0 240 60", role: "img", "aria-label": "p_fake of the last faces" },
      this.curve,
    );
    Object.assign(this, { place, variant, values: [], stream: null });
    place.replaceChildren(
      make("div", { className: "stage" }, this.video, this.overlay),
      make("div", { className: "beside" }, this.value, curve),
    );
    place.hidden = false;
  }

  /** Asks the visitor for the camera or the screen. Throws a PageError. */
  async start(kind) {
    const ask = kind === "camera" ? "getUserMedia" : "getDisplayMedia";
    if (!navigator.mediaDevices?.[ask])
      throw new PageError(
        `This browser gives no ${kind} to this page${isSecureContext ? "" : ": open it by https, or on the machine itself"}.`,
      );
    try {
      this.stream = await navigator.mediaDevices[ask]({ video: true, audio: false });
    } catch (error) {
      throw new PageError(
        error.name === "NotFoundError"
          ? `There is no ${kind} here.`
          : `The ${kind} was not allowed; allow it in the browser and press again.`,
      );
    }
    this.video.srcObject = this.stream;
    await this.video.play();
  }

  /** Judges one frame after the other, until it is stopped or the source ends. */
  async follow(judge, signal) {
    const [track] = this.stream.getVideoTracks();
    while (!signal.aborted && track.readyState === "live") {
      const { videoWidth, videoHeight } = this.video;
      const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
      const size = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
      this.#show(await judge(pixelsOf(this.video, ...size)), size);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #show({ box, pFake, ms }, [width, height]) {
    this.overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const [x0, y0, x1, y1] = box ?? [0, 0, 0, 0];
    for (const [key, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }))
      this.box.setAttribute(key, value);
    this.value.textContent = box
      ? `p_fake ${pFake.toFixed(2)}, ${(1000 / ms).toFixed(ms > 1000 ? 1 : 0)} frames a second`
      : "no face";
    if (box) this.values = [...this.values, pFake].slice(-KEPT);
    this.curve.setAttribute(
      "points",
      this.values.map((value, at) => `${at * (240 / KEPT)},${58 - 56 * value}`).join(" "),
    );
  }

  end() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}
