"""A row for each detector: what it says of two clips, and how far apart the two are."""

from collections.abc import Iterable
from html import escape

from explorer.pages.components.verdict_marks import pill
from explorer.structures import Report, VariantResult
from model_zoo.variants import plain_name


def pair_table(first: Report, second: Report, names: Iterable[str]) -> str:
    """HTML of the table, its rows in the order of `names`; a detector that judged one clip alone is in it, too."""
    left, right = ({result.name: result for result in report.variants} for report in (first, second))
    rows = "".join(_row(name, left.get(name), right.get(name)) for name in names if name in left or name in right)
    if not rows:
        return ""
    clips = "".join(f'<th scope="col"><bdi>{escape(report.clip.name)}</bdi></th>' for report in (first, second))
    return (
        '<table class="people pairs"><caption>Both clips, detector by detector</caption><thead><tr>'
        f'<th scope="col">detector</th>{clips}<th scope="col">difference</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(name: str, left: VariantResult | None, right: VariantResult | None) -> str:
    scores = [result.p_fake if result else None for result in (left, right)]
    apart = f"{scores[1] - scores[0]:+.2f}" if scores[0] is not None and scores[1] is not None else "&ndash;"
    return (
        f'<tr><th scope="row" class="who"><b>{escape(plain_name(name))}</b><small>{escape(name)}</small></th>'
        f'{_cell(left)}{_cell(right)}<td class="p">{apart.replace("-", "&minus;")}</td></tr>'
    )


def _cell(result: VariantResult | None) -> str:
    if result is None:
        return '<td><span class="pill none">not run</span></td>'
    score = "" if result.p_fake is None else f' <span class="p">{result.p_fake:.2f}</span>'
    return f"<td>{pill(result.verdict)}{score}</td>"
