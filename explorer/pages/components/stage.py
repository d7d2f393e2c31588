"""The playing clip with what the detectors saw laid over it: boxes and evidence as numbers, drawn by the browser."""

import json
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from explorer.faces.boxes import crop_squares, transform_boxes
from explorer.faces.views import view_square
from explorer.heatmaps.overlay import evidence_palette
from explorer.pages.components.clip_box import shown
from explorer.structures import Report, VariantResult
from model_zoo.variants import plain_name

MAX_EVIDENCE = 8.0  # logit units to either side: beyond, the colour does not change
MAX_TIMES = 160  # sampled frames whose evidence is sent: a twelfth of a megabyte for each variant
_VIEWS = (("original", "original"), ("boxes", "boxes"), ("heat", "heatmap"))


def stage(report: Report, clip: str | Path, colours: Mapping[str, str]) -> str:
    """HTML of the clip, which lies where it is served, with a choice of what is over it and a live mosaic below.

    Nothing where no face was judged. `colours` maps a variant's name to "#rrggbb".
    """
    if not report.faces or not report.variants:
        return ""
    data = json.dumps(stage_data(report), separators=(",", ":"))
    ratio = report.clip.width / report.clip.height
    views = "".join(
        f'<label><input type="radio" name="stage-view" value="{value}"{" checked" * (value == "heat")}>'
        f"<span>{words}</span></label>"
        for value, words in _VIEWS
    )
    names = [(result.name, plain_name(result.name)) for result in report.variants]
    options = "".join(f'<option value="{i}">{escape(plain)}</option>' for i, (_, plain) in enumerate(names))
    panels = "".join(
        f'<figure><canvas width="160" height="160" data-variant="{i}" role="img" aria-label="where {escape(plain)} '
        f'looks now"></canvas><figcaption><i style="background:{colours[variant]}"></i>{escape(plain)} '
        "<b></b></figcaption></figure>"
        for i, (variant, plain) in enumerate(names)
    )
    return (
        f'<section class="stage-panel" aria-label="The clip, with what they saw" style="--ratio:{ratio:.4f}" '
        f'data-stage="{escape(data)}"><h2>The clip, with what they saw</h2><div class="over"><fieldset>'
        f'<legend class="unseen">Over the clip</legend>{views}</fieldset><label>of <select>{options}</select></label>'
        '<label class="both"><input type="checkbox">original beside it</label></div>'
        f'<div class="stage-body"><div class="screens"><div class="screen">{shown(str(clip), report.clip.name)}'
        '<canvas aria-hidden="true"></canvas></div>'
        '<div class="screen second" hidden><canvas role="img" aria-label="the same with what was chosen over it">'
        f'</canvas></div></div><p class="unplayable" hidden></p><div class="mosaic">{panels}</div></div></section>'
    )


def stage_data(report: Report) -> dict[str, Any]:
    """What the browser draws from: times in seconds, boxes and squares in parts of the picture (xyxy).

    People come by suspicion, the most suspicious first, each with the indices of its faces by time. For each variant:
    its p_fake, the squares of what it saw where they are its own, and its evidence, base64 of N x h x w bytes from
    -most to most logit units (`palette` colours its sigmoid); h = w = 0 where its head gives none.
    """
    chosen = _faces_sent(report)
    size = np.array([report.clip.width, report.clip.height] * 2, np.float32)
    boxes = np.array([report.faces[i].box for i in chosen], np.float32)
    persons = np.array([report.faces[i].person for i in chosen])
    opinions = np.mean([result.frame_p_fake[chosen] for result in report.variants], axis=0)
    people = sorted(set(persons.tolist()), key=lambda who: -opinions[persons == who].mean())
    return {
        "reach": 1.01 * report.clip.duration_s / max(min(report.frames_sampled, MAX_TIMES), 1),
        "times": [round(float(report.faces[i].time_s), 4) for i in chosen],
        "boxes": (boxes / size).round(4).tolist(),
        "squares": (crop_squares(boxes) / size).round(4).tolist(),
        "people": [{"person": who, "faces": np.flatnonzero(persons == who).tolist()} for who in people],
        "most": MAX_EVIDENCE,
        "palette": b64encode(evidence_palette().tobytes()).decode(),
        "variants": [
            {
                "squares": (_own_squares(result, boxes) / size).round(4).tolist() if result.view else None,
                "p_fake": result.frame_p_fake[chosen].round(5).tolist(),
                "shape": list(result.evidence.shape[1:]),
                "evidence": b64encode(_as_bytes(result.evidence[chosen])).decode(),
            }
            for result in report.variants
        ],
    }


def _own_squares(guest: VariantResult, boxes: np.ndarray) -> np.ndarray:
    """What a guest saw of the faces in these boxes (N, 4), in the same pixels."""
    view = guest.view
    assert view is not None
    squares = np.array([view_square(box, view.margin, view.down) for box in boxes], np.float32)
    return transform_boxes(squares, view.side / view.resized, 0)


def _as_bytes(evidence: np.ndarray) -> bytes:
    clipped = np.clip(evidence.astype(np.float32), -MAX_EVIDENCE, MAX_EVIDENCE)
    return np.rint((clipped / MAX_EVIDENCE + 1) * 127.5).astype(np.uint8).tobytes()


def _faces_sent(report: Report) -> np.ndarray:
    """Indices of all faces, or of those in MAX_TIMES frames spread evenly."""
    times = np.array([face.time_s for face in report.faces])
    distinct = np.unique(times)
    if len(distinct) > MAX_TIMES:
        distinct = distinct[np.linspace(0, len(distinct) - 1, MAX_TIMES).round().astype(int)]
    return np.flatnonzero(np.isin(times, distinct))
