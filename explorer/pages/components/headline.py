"""The one sentence over all variants, with what it rests on, how far to trust it, and what to do next."""

from html import escape

from explorer.exports.conclusion import MAX_LEVEL, Conclusion
from explorer.pages.components.verdict_marks import TINTS


def headline(conclusion: Conclusion, clip: str, mark: str = "", label: str = "What the detectors say") -> str:
    """HTML of a box tinted by the verdict; `clip` names what was judged, `mark` says where the result comes from.

    `label` tells it from others to those who do not see it.
    """
    tint = TINTS.get(conclusion.verdict, "none")
    said = f'<p class="mark">{escape(mark)}</p>' if mark else ""
    details = f'<p class="sub">{escape(" ".join(conclusion.details))}</p>' if conclusion.details else ""
    hard = f'<p class="sub">Hard to judge: {escape("; ".join(conclusion.hard))}.</p>' if conclusion.hard else ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in conclusion.next_steps)
    return (
        f'<section class="hero {tint}" aria-label="{escape(label)}">{said}'
        f'<p class="of"><bdi>{escape(clip)}</bdi></p><p class="big">{_signed(conclusion)}</p>{details}'
        f'{_ladder(conclusion)}{hard}<p class="care">{escape(conclusion.caution)}</p>'
        f"<details><summary>What to do next</summary><ul>{steps}</ul></details></section>"
    )


def _signed(conclusion: Conclusion) -> str:
    """The headline, its verdict in bold."""
    text = escape(conclusion.headline)
    word = {"uncertain": "unsure"}.get(conclusion.verdict, conclusion.verdict)
    return text.replace(f" {word}", f" <b>{word}</b>", 1) if conclusion.verdict in TINTS else text


def _ladder(conclusion: Conclusion) -> str:
    """Evidence as steps and in words."""
    if not conclusion.evidence:
        return ""
    steps = "".join(f'<i class="{"on" * (step < conclusion.level)}"></i>' for step in range(MAX_LEVEL))
    return f'<p class="ladder"><span aria-hidden="true">{steps}</span> {escape(conclusion.evidence)}</p>'
