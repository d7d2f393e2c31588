"""A report as one page in plain language, to read or print without the app."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from explorer.origin import container_rows, credential_rows, credentials_in_words, origin_from
from explorer.stretches import THROUGHOUT, words_for
from explorer.structures import Stretch
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN
from model_zoo.zoo import BUNDLED, LOCAL

_SIGNS = {FAKE: "\N{BLACK UP-POINTING TRIANGLE} fake", UNCERTAIN: "? uncertain",
          REAL: "\N{BLACK DOWN-POINTING TRIANGLE} real", NO_FACE: "no face"}  # fmt: skip
_DASHES = ("none", "7 4", "2 3", "8 3 2 3", "12 4", "12 3 2 3", "4 2")  # of lines of one colour, in their order
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 170, 84, 14  # of a chart's field, and its margins, in pixels
_TEMPLATES = Environment(  # a clip's name, or what an error says of it, never becomes markup
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def as_html(content: dict[str, Any], colours: dict[str, str]) -> str:
    """The page for as_json's content: self-contained, without scripts, printable, whatever the clip is called.

    `colours` maps a variant's name to "#rrggbb".
    """
    variants = content["variants"]
    people = sorted({frame["person"] for row in variants for frame in row["frames"]})
    return _TEMPLATES.get_template("summary.html").render(
        content,
        colours=colours,
        dashes=dashes_of([row["name"] for row in variants], colours),
        signs=_SIGNS,
        charts=[_chart(content, person, colours) for person in people],
        times=_times(content),
        origin=_origin(content["clip"]),
        bundled=BUNDLED,
        local=LOCAL,
    )


def dashes_of(names: Sequence[str], colours: dict[str, str]) -> dict[str, str]:
    """What tells lines of one colour apart, as SVG's stroke-dasharray, by name."""
    dashes: dict[str, str] = {}
    for name in names:
        alike = sum(colours[other] == colours[name] for other in dashes)
        dashes[name] = _DASHES[alike % len(_DASHES)]
    return dashes


def _origin(clip: dict) -> dict[str, Any] | None:
    """What the clip says of its origin, in words; None where it could not be read."""
    if not clip.get("credentials"):
        return None
    origin = origin_from(clip)
    rows = [*credential_rows(origin.credentials), *container_rows(origin.container)]
    return {"words": credentials_in_words(origin.credentials), "rows": rows}


def _times(content: dict) -> list[str]:
    """When who looks fake to which detector, where that is not all the time."""
    clip, sentences = content["clip"], []
    for row in content["variants"]:
        for who in row["people"]:
            stretches = [Stretch(**each) for each in who["stretches"]]
            times = words_for(stretches, clip["duration_s"], clip["frames_sampled"])
            if times and times != THROUGHOUT:
                person = f"person {who['person']} looks " if clip["people"] > 1 else ""
                sentences.append(f"{row['name']}: {person}fake {times}")
    return sentences


def _chart(content: dict, person: int, colours: dict[str, str]) -> dict[str, Any]:
    """The curves of one person's p_fake over time, as what SVG's paths and texts take."""
    duration = max(content["clip"]["duration_s"], 0.1)

    def x_of(time_s: float) -> float:
        return _LEFT + _WIDTH * time_s / duration

    def y_of(p_fake: float) -> float:
        return _TOP + _HEIGHT * (1 - p_fake)

    labels = [
        {"x": _LEFT - 6, "y": f"{y_of(p_fake) + 4:.1f}", "anchor": "end", "text": text}
        for p_fake, text in ((0, "real 0"), (0.5, "0.5"), (1, "fake 1"))
    ]
    labels += [
        {"x": f"{x_of(time_s):.1f}", "y": f"{y_of(0) + 26:.1f}", "anchor": "middle", "text": f"{time_s:.1f} s"}
        for time_s in (0, duration / 2, duration)
    ]
    curves = []
    for row in content["variants"]:
        own = [frame for frame in row["frames"] if frame["person"] == person]
        points = [f"{x_of(frame['time_s']):.1f} {y_of(frame['p_fake']):.1f}" for frame in own]
        dots = "".join(f"M{point}h0" for point in points)
        curves.append({"line": f"M{' '.join(points)}", "dots": dots, "name": row["name"]})
    return {
        "person": person,
        "view": f"0 0 {_LEFT + _WIDTH + 36} {_TOP + _HEIGHT + 34}",
        "left": _LEFT,
        "width": _WIDTH,
        "levels": [f"{y_of(p_fake):.1f}" for p_fake in (0, 0.5, 1)],
        "thresholds": [
            f"{y_of(threshold):.1f}" for threshold in sorted({row["threshold"] for row in content["variants"]})
        ],
        "labels": labels,
        "curves": curves,
    }
