"""What the detectors cannot see: how good each was measured to be at each kind of forgery, beside the verdicts."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from explorer.measured import NOT_MEASURED, alarms_cell, auc_cell, paired_cell
from explorer.structures import VariantResult
from model_zoo.families import FAMILIES, FAMILY_TITLES
from model_zoo.manifest import ELSEWHERE, Released, read_manifest
from model_zoo.variants import plain_name
from model_zoo.zoo import Zoo

KINDS = {family: FAMILY_TITLES[family] for family in FAMILIES} | {"whole_face": "whole-face forgeries"}
_VERDICTS = {True: "better than chance", False: "no better than chance", None: "too few clips to tell"}
_ABOUT = (
    "AUC at clip level on clips of sources that neither training nor calibration has seen, with its 95 % interval: of "
    "a forged and a real clip drawn at random, how often the forged one has the higher p_fake. 0.5 is guessing."
)


def scope_panel(results: Sequence[VariantResult], zoo: Zoo) -> str:
    """What the manifest of the zoo records of the variants that judged a clip, as HTML. Raises BadManifest."""
    return scope_table([result.name for result in results], read_manifest(zoo.release).variants)


def scope_table(names: Sequence[str], released: Mapping[str, Released]) -> str:
    """A table detector x kind of forgery, as HTML; what was not measured says so."""
    rows = [released[name] for name in names if name in released]
    if not rows:
        return ""
    if not any(row.scope or row.metrics.get(ELSEWHERE) for row in rows):
        return f'<section class="evidence"><h3>What they cannot see</h3><p>{escape(in_words(rows))}</p></section>'
    heads = [*KINDS.values(), "live swaps, beside their originals", "real clips called fake"]
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in heads)
    body = "".join(_row(row) for row in rows)
    return (
        f'<section class="evidence"><h3>What they cannot see</h3><p>{escape(in_words(rows))}</p>'
        f'<div class="wide" tabindex="0" role="group" aria-label="what was measured"><table class="scope-table"><thead>'
        f'<tr><th scope="col">detector</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f'<p class="small">{_ABOUT}</p></section>'
    )


def in_words(rows: Sequence[Released]) -> str:
    """What is measured of these variants together, in sentences."""
    known = [kind for kind in KINDS if any(_measured(row, kind) for row in rows)]
    if not known:
        return f"On clips from elsewhere these detectors were not measured: not at {_titles(list(KINDS))}."
    blind = [kind for kind in known if all(_better(row, kind) is False for row in rows)]
    sure = [kind for kind in known if all(_better(row, kind) is True for row in rows)]
    few = [kind for kind in known if all(_better(row, kind) is None for row in rows)]
    mixed = [kind for kind in known if kind not in (*blind, *sure, *few)]
    unknown = [kind for kind in KINDS if kind not in known]
    said = [
        f"On {_titles(blind)} none of these detectors was measured to be better than chance: there a verdict says "
        "nothing."
        if blind
        else "",
        f"On {_titles(sure)} all of them are better than chance." if sure else "",
        f"On {_titles(mixed)} they differ." if mixed else "",
        f"Of {_titles(few)} there are too few clips to tell." if few else "",
        f"Not measured: {_titles(unknown)}." if unknown else "",
    ]
    return " ".join(filter(None, said))


def _measured(row: Released, kind: str) -> dict[str, Any]:
    return row.scope.get(kind, {})


def _better(row: Released, kind: str) -> bool | None:
    return _measured(row, kind).get("better_than_chance")


def _row(row: Released) -> str:
    elsewhere = row.metrics.get(ELSEWHERE, {})
    cells = "".join(_kind(row, kind) for kind in KINDS)
    others = "".join(
        f"<td>{escape(_or_not(cell))}</td>"
        for cell in (paired_cell(elsewhere.get("live_swaps")), alarms_cell(elsewhere))
    )
    return f'<tr><th scope="row">{escape(plain_name(row.name))}</th>{cells}{others}</tr>'


def _kind(row: Released, kind: str) -> str:
    """The figure with what it comes to, in words."""
    measured = _measured(row, kind)
    if not measured:
        return "<td>not measured</td>"
    words = _VERDICTS[measured.get("better_than_chance")]
    sign = {True: "&#10003;", False: "&#8776;", None: "?"}[measured.get("better_than_chance")]
    return f"<td>{escape(auc_cell(measured))}<br><small>{sign} {words}</small></td>"


def _or_not(cell: str) -> str:
    return "not measured" if cell == NOT_MEASURED else cell


def _titles(kinds: Sequence[str]) -> str:
    names = [KINDS[kind] for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
