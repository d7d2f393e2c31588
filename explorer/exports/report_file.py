"""A report as one file that is read back as it was, without pickle: what a first visit shows is kept in it."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from explorer.origin import origin_from
from explorer.structures import (
    ClipInfo,
    Cpu,
    Face,
    PersonScore,
    Report,
    Slice,
    Spread,
    Stretch,
    VariantError,
    VariantResult,
)
from model_zoo.files import write_atomically
from model_zoo.guest import View

_WORDS = "words"  # the array that holds all that is no array, as JSON


def write_report(report: Report, path: Path) -> None:
    """Store it as NumPy's .npz. Raises OSError."""
    clip = replace(report.clip, geometry=None, stamps=None)
    arrays = {
        "frame_times": clip.frame_times,
        "keyframe_times": clip.keyframe_times,
        "boxes": np.array([face.box for face in report.faces], np.float32).reshape(-1, 4),
        "crops": np.array([face.crop for face in report.faces], np.uint8),
    }
    views = list(report.faces[0].views) if report.faces else []  # all faces have the same
    for place, view in enumerate(views):
        arrays[f"view/{place}"] = np.array([face.views[view] for face in report.faces], np.uint8)
    for result in report.variants:
        arrays[f"p_fake/{result.name}"], arrays[f"evidence/{result.name}"] = result.frame_p_fake, result.evidence
    words = {
        "clip": _without(clip, "frame_times", "keyframe_times", "geometry", "stamps"),
        "frames_sampled": report.frames_sampled,
        "faces": [[face.time_s, face.person] for face in report.faces],
        "views": [asdict(view) for view in views],
        "cpu": asdict(report.cpu),
        "stages_ms": report.stages_ms,
        "variants": [_without(result, "frame_p_fake", "evidence") for result in report.variants],
        "errors": [asdict(error) for error in report.errors],
        "not_judged": report.not_judged,
        "origin": asdict(report.origin) if report.origin else None,
    }
    with write_atomically(path) as partial, open(partial, "wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays | {_WORDS: np.array(json.dumps(words))})


def read_report(path: Path) -> Report:
    """What `write_report` stored. Raises OSError, and ValueError for anything else."""
    try:
        return _read(path)
    except (KeyError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path.name} holds no report: {error}") from error


def _read(path: Path) -> Report:
    with np.load(path, allow_pickle=False) as stored:
        words = json.loads(str(stored[_WORDS]))
        clip = ClipInfo(**words["clip"], frame_times=stored["frame_times"], keyframe_times=stored["keyframe_times"])
        views = {View(**given): stored[f"view/{place}"] for place, given in enumerate(words["views"])}
        placed = enumerate(zip(words["faces"], stored["boxes"], stored["crops"], strict=True))
        faces = tuple(
            Face(time_s, box, crop, person, views={view: cuts[i] for view, cuts in views.items()})
            for i, ((time_s, person), box, crop) in placed
        )
        variants = tuple(
            _result(given, stored[f"p_fake/{given['name']}"], stored[f"evidence/{given['name']}"])
            for given in words["variants"]
        )
    errors = tuple(VariantError(**each) for each in words["errors"])
    cpu = words["cpu"]
    return Report(
        clip,
        words["frames_sampled"],
        faces,
        Cpu(**cpu | {"instruction_sets": tuple(cpu["instruction_sets"])}),
        words["stages_ms"],
        variants,
        errors,
        words["not_judged"],
        origin_from(words["origin"]) if words["origin"] else None,
    )


def _without(value: Any, *names: str) -> dict[str, Any]:
    return {name: inner for name, inner in asdict(value).items() if name not in names}


def _result(given: dict[str, Any], p_fake: np.ndarray, evidence: np.ndarray) -> VariantResult:
    people = tuple(
        PersonScore(**who | {"stretches": tuple(Stretch(**each) for each in who["stretches"])})
        for who in given["people"]
    )
    spread = Spread(**given["ms_per_face"]) if given["ms_per_face"] else None
    tuples = {name: tuple(given[name]) for name in ("uncertain", "guesses_on")}
    view = View(**given["view"]) if given.get("view") else None
    slices = tuple(Slice(**each) for each in given.get("slices", ()))
    own = {"people": people, "slices": slices, "view": view, "ms_per_face": spread}
    return VariantResult(**given | tuples | own, frame_p_fake=p_fake, evidence=evidence)
