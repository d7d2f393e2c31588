"""What the Python functions give for some pictures, faces and curves: what the page's modules are tested on."""

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from explorer.faces import boxes as geometry
from explorer.faces.appearance import scene_of
from explorer.faces.crops import cut_face, cut_square, resize_crop
from explorer.faces.mtcnn import second_look, tracked
from explorer.faces.mtcnn.cascade import Network, Networks, detect
from explorer.faces.mtcnn.networks import networks
from explorer.faces.support import supported
from explorer.faces.tracks import follow
from explorer.faces.working_size import MIN_FACE_SIDE
from explorer.heatmaps.overlay import evidence_overlay
from explorer.stretches import words_for
from explorer.structures import ClipInfo, Face, Geometry, SampledFrame, Stretch
from explorer.verdicts import judge_people, probabilities
from explorer.video.examples import EXAMPLES, load_portrait
from explorer.video.picture import Renderer
from explorer.video.sampling import unseen

SIZES = ((96, 160), (200, 160), (320, 160), (57, 40), (100, 25))  # of pictures, from and to


def write_arrays(path: Path) -> None:
    """All of them as JSON, by the module that they are for."""
    rng = np.random.default_rng(0)
    portrait = load_portrait()
    arrays = {
        "colours": _colours(rng),
        "boxes": _boxes(rng),
        "pictures": _pictures(rng),
        "crops": _crops(portrait),
        "cascade": _cascade(portrait[60:300, 150:400]),
        "second_look": _second_look(portrait),
        "tracked": _tracked(portrait),
        "tracks": _tracks(),
        "told": _told(),
        "verdicts": _verdicts(rng),
        "overlay": _overlay(rng),
    }
    path.write_text(json.dumps(arrays, default=_as_json), encoding="ascii")


def _as_json(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else vars(value)


def as_picture(image: np.ndarray) -> dict[str, Any]:
    """What the page calls a picture."""
    return {"width": image.shape[1], "height": image.shape[0], "channels": 3, "data": image.reshape(-1)}


def _colours(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Frames of a decoder and what the server makes of them: small ones taken for BT.601, large ones for 709."""
    rows: list[dict[str, Any]] = []
    for width, height in ((64, 48), (1280, 32)):
        planes = cv2.resize(rng.integers(16, 236, (12, 16), np.uint8), (width, height * 3 // 2))
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        whole = np.stack([cv2.resize(rng.integers(16, 236, (12, 16), np.uint8), (width, height)) for _ in range(3)])
        row = {"width": width, "height": height, "planes": planes.reshape(-1), "whole": whole.reshape(-1)}
        render = Renderer(Geometry(width, height))
        row["image"] = render(frame).reshape(-1)
        row["whole_image"] = render(av.VideoFrame.from_ndarray(whole, format="yuv444p")).reshape(-1)
        rows.append(row)
    return rows


def _boxes(rng: np.random.Generator) -> dict[str, Any]:
    boxes = np.sort(rng.uniform(0, 300, (6, 2, 2)), axis=1).reshape(6, 4).astype(np.float32)
    return {
        "boxes": boxes,
        "squares": geometry.crop_squares(boxes),
        "longer": geometry.longer_squares(boxes),
        "relative": geometry.relative_transform(boxes[:3], boxes[3:]),
        "iou": geometry.iou(boxes[:3], boxes[3:]),
        "largest": geometry.largest_first(boxes),
    }


def _pictures(rng: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    for side, size in SIZES:
        noise = rng.integers(0, 256, (side, side, 3), np.uint8)
        image = cv2.GaussianBlur(noise, (0, 0), 1.5)
        resized = resize_crop(image, size)
        rows.append({"image": as_picture(image), "size": size, "resized": resized, "ipp": cv2.ipp.useIPP()})
    return rows


def _crops(portrait: np.ndarray) -> dict[str, Any]:
    boxes = np.array([[205, 70, 345, 250], [-40, -30, 120, 160], [430, 500, 560, 640]], np.float32)
    small = portrait[::2, ::2]
    return {
        "image": as_picture(small),
        "boxes": boxes / 2,
        "faces": [cut_face(small, box / 2, 112) for box in boxes],
        "squares": [cut_square(small, geometry.longer_squares(box[None] / 2)[0], 48) for box in boxes],
    }


def _recorded(calls: list[dict[str, Any]], network: Network) -> Network:
    def run(images: np.ndarray) -> list[np.ndarray]:
        outputs = network(images)
        calls.append(
            {
                "dims": images.shape,
                "inputs": np.round(images.reshape(-1)[::97], 6),
                "outputs": [{"dims": each.shape, "data": each.reshape(-1)} for each in outputs],
            }
        )
        return outputs

    return run


def _cascade(image: np.ndarray) -> dict[str, Any]:
    """What the networks were asked and said, and what came of it."""
    calls: list[dict[str, Any]] = []
    real = networks()
    [(boxes, confidences)] = detect(
        image[None],
        Networks(*(_recorded(calls, network) for network in (real.pnet, real.rnet, real.onet))),
        MIN_FACE_SIDE,
    )
    return {"image": as_picture(image), "calls": calls, "boxes": boxes, "confidences": confidences}


def _second_look(portrait: np.ndarray) -> dict[str, Any]:
    shown = second_look.context(portrait, np.array([205, 70, 345, 250], np.float32))
    calls: list[dict[str, Any]] = []
    onet, names = networks().onet, second_look.__dict__
    kept = names["networks"]
    names["networks"] = lambda: Networks(onet, onet, _recorded(calls, onet))
    try:
        odds = second_look.log_odds([shown])
    finally:
        names["networks"] = kept
    return {"context": as_picture(shown), "calls": calls, "odds": odds}


def _tracked(portrait: np.ndarray) -> dict[str, Any]:
    """How far a shot's thumbnails differ, and the planes of a crop."""
    small = cv2.resize(portrait, (80, 94), interpolation=cv2.INTER_AREA)
    thumb = cv2.resize(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), tracked.THUMB, interpolation=cv2.INTER_AREA)
    return {"image": as_picture(small), "thumb": thumb}


def _tracks() -> dict[str, Any]:
    """Two people who change places over five frames, with a stray that is seen once, and who of them is judged."""
    drawn = EXAMPLES["Two people"].draw(load_portrait(), 0.0, 0.0)[::3, ::3]
    left, right = np.array([36, 23, 83, 86], np.float32), np.array([156, 23, 203, 86], np.float32)
    frames, shown = [], []
    for index in range(5):
        boxes = [left + index, right - index]
        boxes += [np.array([4, 100, 27, 133], np.float32)] if index == 2 else []
        faces = tuple(
            Face(index / 5, box, crop, context=cv2.resize(crop, (8, 8)))
            for box, crop in ((box, cut_face(drawn, box, 48)) for box in boxes)
        )
        frames.append(SampledFrame(index / 5, scene_of(drawn), faces))
        shown.append([{"box": face.box, "crop": as_picture(face.crop)} for face in faces])
    followed = follow(frames)
    times = [frame.time_s for frame in frames]
    cast = supported(followed, times, lambda contexts: np.full(len(contexts), 5.0))
    return {
        "scene_image": as_picture(drawn),
        "scene": frames[0].scene,
        "times": times,
        "frames": shown,
        "people": [{"timeS": face.time_s, "person": face.person, "box": face.box} for face in followed],
        "judged": len(cast.faces),
        "not_judged": cast.not_judged,
    }


def _told() -> dict[str, Any]:
    """Sentences on what was not looked at, and on more people than are judged."""
    times = np.arange(10) / 10
    info = ClipInfo("a {b}.mp4", 1.0, 64, 48, 10.0, 0.0, times, times[:1])
    read = [np.delete(times, missing) for missing in ([], [0], [8, 9], [3, 4, 7], [1, 3, 5, 7, 9])]
    crowd = [Face(time_s, np.zeros(4, np.float32), np.empty(0), person) for time_s in (0, 1) for person in range(1, 41)]
    return {
        "times": times,
        "read": [np.isin(times, seen) for seen in read],
        "unseen": ["".join(unseen(info, times, seen)) for seen in read],
        "people": [face.person for face in crowd],
        "too_many": supported(crowd, (0, 1), None).too_many,
    }


def _verdicts(rng: np.random.Generator) -> dict[str, Any]:
    logits = np.concatenate([rng.normal(-2, 0.5, 12), rng.normal(3, 0.5, 6), rng.normal(-1, 0.5, 14)])
    persons = np.array([1] * 24 + [2] * 8)
    times = np.arange(32) / 8
    p_fake = probabilities(logits)
    cases = [(0.4, (0.3, 0.5)), (0.9, (0.8, 1.0)), (0.2, (0.1, 0.3))]
    return {
        "logits": logits, "p_fake": p_fake, "persons": persons, "times": times,
        "words": [
            [fields, words_for([Stretch(*fields[:2], 0.9)], *fields[2:])]
            for fields in ((0.1, 3.9, 4.0, 32), (1.5, 3.9, 4.0, 32), (0.1, 2.0, 4.0, 32), (20.0, 30.0, 90.0, 32))
        ],
        "cases": [
            {"threshold": threshold, "uncertain": band, "people": [
                {
                    "person": score.person, "faces": score.faces, "pFake": score.p_fake, "verdict": score.verdict,
                    "stretches": [
                        {"fromS": each.from_s, "toS": each.to_s, "pFake": each.p_fake} for each in score.stretches
                    ],
                }
                for score in judge_people(p_fake, persons, times, threshold, band)
            ]}
            for threshold, band in cases
        ],
    }  # fmt: skip


def _overlay(rng: np.random.Generator) -> dict[str, Any]:
    crop = rng.integers(0, 256, (40, 40, 3), np.uint8)
    evidence = rng.normal(0, 2, (5, 5)).astype(np.float32)
    return {"crop": as_picture(crop), "evidence": evidence.reshape(-1), "overlay": evidence_overlay(crop, evidence)}
