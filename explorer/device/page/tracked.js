/** Faces by MTCNN, followed from frame to frame, as explorer/faces/mtcnn/tracked.py follows them. */

import { largestFirst, longerSquare, relativeTransform, transformBox } from "./boxes.js";
import { INPUT_SIDES, centred } from "./cascade.js";
import constants from "./constants.json" with { type: "json" };
import { cutSquare } from "./crops.js";
import { MIN_CONFIDENCE, mtcnn } from "./finder.js";
import { averaged, grey } from "./pictures.js";
import { MIN_FACE_SIDE, scaled } from "./working_size.js";

const { PASSES, DETECTION_INTERVAL, SHOT_CHANGE, THUMB, STRAY } = constants.tracked;

export class Tracker {
  constructor(networks) {
    Object.assign(this, { networks, boxes: [], age: 0, thumb: null, transforms: [] });
  }

  /** The faces of the next frame, boxes in its own pixels, the largest first. */
  async next(image) {
    const [small, factor] = scaled(image);
    const thumb = averaged(grey(small), ...THUMB).data;
    if (!this.thumb || meanDifference(thumb, this.thumb) > SHOT_CHANGE)
      Object.assign(this, { boxes: [], transforms: [] });
    Object.assign(this, { thumb, age: this.age + 1 });
    const follows = this.boxes.length && this.age < DETECTION_INTERVAL;
    const refinedBoxes = follows ? await refined(small, this.boxes, this.networks.onet) : null;
    const back = (boxes) => largestFirst(boxes.map((box) => box.map((edge) => Math.fround(edge * factor))));
    if (!refinedBoxes) return back(await this.#detected(small));
    this.boxes = refinedBoxes;
    const mean = [0, 1, 2, 3].map(
      (part) => this.transforms.reduce((sum, each) => sum + each[part], 0) / this.transforms.length,
    );
    return back(refinedBoxes.map((box) => transformBox(box, mean.slice(0, 2), mean.slice(2))));
  }

  /** All faces of the frame; those that the last network confirms are followed from here on. */
  async #detected(small) {
    const detections = await mtcnn(small, this.networks);
    const boxes = detections.length ? await refined(small, detections, this.networks.onet) : null;
    Object.assign(this, { age: 0, boxes: [] });
    if (boxes) {
      const transforms = boxes.map((box, index) => relativeTransform(box, detections[index]));
      const stray = transforms.flat().map((value, index) => Math.abs(value - (index % 4 < 2 ? 1 : 0)));
      if (Math.max(...stray) < STRAY - 1) {
        this.boxes = boxes;
        this.transforms.push(...transforms);
      }
    }
    return detections;
  }
}

/** Pictures of one side as the networks take them, (N, 3, side, side) float32. */
export function planes(pictures, side) {
  const values = new Float32Array(pictures.length * 3 * side * side);
  let to = 0;
  for (const { data } of pictures)
    for (let channel = 0; channel < 3; channel++)
      for (let at = channel; at < data.length; at += 3) values[to++] = data[at];
  return centred(values);
}

/** The boxes moved onto the faces of this frame; null where one of them shows no face. */
async function refined(small, boxes, onet) {
  const side = INPUT_SIDES[1];
  for (let pass = 0; pass < PASSES; pass++) {
    const squares = boxes.map(longerSquare);
    const [offsets, , confidences] = await onet(
      planes(
        squares.map((square) => cutSquare(small, square, side)),
        side,
      ),
      [squares.length, 3, side, side],
    );
    boxes = squares.map((square, index) => {
      const size = square[2] - square[0] + 1;
      return square.map((edge, part) => Math.fround(edge + offsets.data[4 * index + part] * size));
    });
    const least = Math.min(...boxes.map((_, index) => confidences.data[2 * index + 1]));
    const smallest = Math.min(...boxes.flatMap((box) => [box[2] - box[0], box[3] - box[1]]));
    if (least < MIN_CONFIDENCE || smallest < MIN_FACE_SIDE / 2) return null;
  }
  return boxes;
}

function meanDifference(one, other) {
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]), 0) / one.length;
}
