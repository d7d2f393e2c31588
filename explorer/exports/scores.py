"""A clip as a row of a table: what all variants say, what each says, or why it was not judged."""

from collections.abc import Iterable
from typing import Any

from explorer.exports.conclusion import conclude
from explorer.exports.report_json import measured_of
from explorer.structures import Report
from explorer.verdicts import NO_FACE
from model_zoo.zoo import Zoo

Row = dict[str, Any]

FACTS = ("name", "duration_s", "frames", "faces", "people", "verdict", "agreement", "evidence", "error", "seconds")
VERDICT, P_FAKE = "verdict_", "p_fake_"  # before a variant's name


def columns(variants: Iterable[str]) -> tuple[str, ...]:
    """The names of a row's cells, in order."""
    return (*FACTS, *(kind + name for name in variants for kind in (VERDICT, P_FAKE)))


def score_row(report: Report, zoo: Zoo, variants: Iterable[str], seconds: float) -> Row:
    """The row of a clip: cells are None where there is no such number; `error` says what did not go well.

    `agreement` is the share of variants, of those that judged, with the commonest verdict; `evidence` counts from 0
    (none either way) to 4; `p_fake_...` lies in [0, 1].
    """
    conclusion = conclude(report, measured_of(zoo))
    verdicts = [result.verdict for result in report.variants if result.verdict != NO_FACE]
    row = _empty(report.clip.name, variants) | {
        "duration_s": round(report.clip.duration_s, 3),
        "frames": report.frames_sampled,
        "faces": len(report.faces),
        "people": len({face.person for face in report.faces}),
        "verdict": conclusion.verdict,
        "agreement": max(map(verdicts.count, verdicts)) / len(verdicts) if verdicts else None,
        "evidence": conclusion.level,
        "error": "; ".join(f"{error.variant}: {error.message}" if error.variant else error.message
                           for error in report.errors) or None,
        "seconds": round(seconds, 3),
    }  # fmt: skip
    for result in report.variants:
        row[VERDICT + result.name] = result.verdict
        row[P_FAKE + result.name] = None if result.p_fake is None else round(result.p_fake, 6)
    return row


def failed_row(name: str, sentence: str, variants: Iterable[str], seconds: float | None = None) -> Row:
    """The row of a clip that could not be judged, with the sentence that says why."""
    return _empty(name, variants) | {"error": sentence, "seconds": None if seconds is None else round(seconds, 3)}


def failed(row: Row) -> bool:
    """Whether the clip, or a variant on it, could not be judged; a clip without a face was."""
    judged = [row[key] for key in row if key.startswith(VERDICT)]
    return row["verdict"] is None or None in judged


def _empty(name: str, variants: Iterable[str]) -> Row:
    return dict.fromkeys(columns(variants)) | {"name": name}
