"""A report as the JSON that the API promises."""

from dataclasses import asdict
from typing import Any

from explorer.detectors import rows_of
from explorer.exports.conclusion import MAX_LEVEL, Conclusion, conclude
from explorer.origin import Container, Credentials, Origin
from explorer.structures import Report, VariantResult
from model_zoo.errors import ZooError
from model_zoo.manifest import Released
from model_zoo.variants import plain_name
from model_zoo.zoo import Zoo

SCHEMA_VERSION = 1


def as_json(report: Report, zoo: Zoo) -> dict[str, Any]:
    """The public contract (README, "API"): plain dicts, lists, numbers and strings; p_fake is null without a face."""
    clip, cpu = report.clip, report.cpu
    return {
        "schema_version": SCHEMA_VERSION,
        "zoo": {"source": zoo.source, "revision": zoo.revision, "note": zoo.note},
        "clip": {
            "name": clip.name,
            "duration_s": round(clip.duration_s, 3),
            "width": clip.width,
            "height": clip.height,
            "fps": round(clip.fps, 3),
            "frames": len(clip.frame_times),
            "frames_sampled": report.frames_sampled,
            "faces_found": len(report.faces),
            "people": len({face.person for face in report.faces}),
            "not_judged": report.not_judged or None,
            "brightness": _rounded(report.grey_level),
            **_origin(report.origin),
        },
        "cpu": {
            "model": cpu.model,
            "cores": cpu.cores,
            "threads": cpu.threads,
            "instruction_sets": list(cpu.instruction_sets),
        },
        "stages_ms": {stage: round(milliseconds, 2) for stage, milliseconds in report.stages_ms.items()},
        "variants": [_variant(report, result) for result in report.variants],
        "errors": [{"variant": error.variant, "message": error.message} for error in report.errors],
        "summary": _summary(conclude(report, measured_of(zoo))),
    }


def measured_of(zoo: Zoo) -> dict[str, Released]:
    """What is recorded of the zoo's variants and of guests, by name; nothing where it was damaged since the start."""
    try:
        return rows_of(zoo)
    except ZooError:
        return {}


def _summary(conclusion: Conclusion) -> dict[str, Any]:
    return {
        "verdict": conclusion.verdict,
        "headline": conclusion.headline,
        "details": list(conclusion.details),
        "evidence": {"level": conclusion.level, "of": MAX_LEVEL, "words": conclusion.evidence},
        "caveats": list(conclusion.hard),
        "caution": conclusion.caution,
        "next": list(conclusion.next_steps),
    }


def _origin(origin: Origin | None) -> dict[str, Any]:
    """Facts beside the verdicts; null where they could not be read."""
    return {key: _plain(getattr(origin, key)) if origin else None for key in ("credentials", "container")}


def _plain(facts: Credentials | Container) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(facts).items()}


def _variant(report: Report, result: VariantResult) -> dict[str, Any]:
    spread = result.ms_per_face
    return {
        "name": result.name,
        "plain_name": plain_name(result.name),
        "engine": result.engine,
        "verdict": result.verdict,
        "p_fake": _rounded(result.p_fake),
        "fake_frame_rate": _rounded(result.fake_frame_rate),
        "threshold": result.threshold,
        "uncertain": [round(end, 4) for end in result.uncertain],
        "guesses_on": list(result.guesses_on),
        "ms_per_face": {"median": round(spread.median, 3), "iqr": round(spread.iqr, 3)} if spread else None,
        "run_ms": round(result.run_ms, 2),
        "people": [
            {
                "person": who.person,
                "faces": who.faces,
                "p_fake": round(who.p_fake, 6),
                "verdict": who.verdict,
                "stretches": [
                    {"from_s": round(each.from_s, 2), "to_s": round(each.to_s, 2), "p_fake": round(each.p_fake, 6)}
                    for each in who.stretches
                ],
            }
            for who in result.people
        ],
        "slices": [
            {
                "person": each.person,
                "from_s": round(each.from_s, 4),
                "to_s": round(each.to_s, 4),
                "p_fake": round(each.p_fake, 6),
            }
            for each in result.slices
        ],
        "params": result.params,
        "size_mb": round(result.size_mb, 2),
        "frames": [
            {
                "time_s": round(face.time_s, 4),
                "person": face.person,
                "p_fake": round(float(p_fake), 6),
                "box": [round(float(x), 1) for x in face.box],
            }
            for face, p_fake in zip(report.faces, result.frame_p_fake, strict=True)
        ],
    }


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 6)
