"""Verdict cards: what each variant says about a clip, and what it costs."""

from collections.abc import Callable, Sequence
from html import escape

from explorer.caveats import caveats
from explorer.stretches import THROUGHOUT, words_for
from explorer.structures import Report, VariantError, VariantResult
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN
from model_zoo.families import family_titles
from model_zoo.variants import BASELINE, VARIANTS
from model_zoo.zoo import BUNDLED, Zoo

SWING = 0.4  # between the lowest and highest p_fake of a clip's frames
_PILLS = {  # a sign beside the word: colour alone tells some eyes nothing
    FAKE: ("fake", "&#9650; fake"),
    REAL: ("real", "&#9660; real"),
    UNCERTAIN: ("uncertain", "? uncertain"),
    NO_FACE: ("none", "no face"),
}


ORDERS: dict[str, Callable[[VariantResult], float]] = {  # the smallest first
    "zoo": lambda result: 0,
    "most suspicious": lambda result: -(result.p_fake or 0),
    "fastest": lambda result: result.ms_per_face.median if result.ms_per_face else 0,
    "smallest": lambda result: result.size_mb,
}


def cards(
    results: Sequence[VariantResult],
    errors: Sequence[VariantError],
    colours: dict[str, str],
    order: str,
    zoo: Zoo,
    report: Report | None = None,
) -> str:
    """All cards side by side in the chosen order; the speed-up stands against the baseline variant of the same run.

    Once there is a report, the cards also say what makes its clip hard to judge.
    """
    baseline = next((result for result in results if result.name == BASELINE and result.ms_per_face), None)
    hard = caveats(report) if report else ()
    ordered = sorted(results, key=ORDERS[order])
    articles = [_card(result, baseline, colours[result.name], zoo, hard, _when(result, report)) for result in ordered]
    articles += [_broken(error) for error in errors if error.variant is not None]
    return f'<div class="cards">{"".join(articles)}</div>'


def _card(
    result: VariantResult, baseline: VariantResult | None, colour: str, zoo: Zoo, hard: tuple[str, ...], when: str
) -> str:
    pill, label = _PILLS[result.verdict]
    number = "&ndash;" if result.p_fake is None else f"{result.p_fake:.2f}"
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _facts(result, baseline))
    return (
        f'<article class="card" style="--variant:{colour}"><h3>{escape(result.name)}</h3>'
        f'<p class="about">{escape(VARIANTS[result.name].title)} on {escape(result.engine)}'
        f"{_link(result.name, zoo)}</p>"
        f'<div class="verdict"><span class="pill {pill}">{label}</span><span class="p">{number}</span>'
        f'<span class="small">p_fake</span></div>{_scale(result)}{when}{_why(result, hard)}{_scope(result)}'
        f"<dl>{facts}</dl></article>"
    )


def _link(name: str, zoo: Zoo) -> str:
    """A link to the variant's model card at the revision that is served; the bundled zoo's are in the Zoo tab."""
    if zoo.source == BUNDLED:
        return f" &middot; revision {escape(zoo.revision[:7])}"
    url = f"https://huggingface.co/{zoo.source}/blob/{zoo.revision}/{name}/README.md"
    return f' &middot; <a href="{escape(url)}" target="_blank" rel="noopener">card at {escape(zoo.revision[:7])}</a>'


def _facts(result: VariantResult, baseline: VariantResult | None) -> list[tuple[str, str]]:
    cost = result.ms_per_face
    base = baseline.ms_per_face if baseline else None
    speedup = f"{base.median / cost.median:.2f} &times;" if base and cost else "&ndash;"
    rate = result.fake_frame_rate
    return [
        ("ms per face, median (IQR)", f"{cost.median:.1f} ({cost.iqr:.1f})" if cost else "&ndash;"),
        (f"speed-up over {BASELINE}", speedup),
        ("frames above threshold", "&ndash;" if rate is None else f"{rate:.0%}"),
        ("parameters", f"{result.params / 1e6:.2f} M"),
        ("size", f"{result.size_mb:.1f} MB"),
    ]


def _scale(result: VariantResult) -> str:
    """0 = real to 1 = fake, with the uncertain band about the threshold and a mark at p_fake."""
    low, high = result.uncertain
    left, width = 100 * low, 100 * (high - low)
    band = f'<span class="band" style="left:{left:.1f}%;width:{width:.1f}%"></span>'
    mark = "" if result.p_fake is None else f'<span class="mark" style="left:{100 * result.p_fake:.1f}%"></span>'
    ends = f"<span>0 = real</span><span>threshold {result.threshold:.2f}</span><span>1 = fake</span>"
    return f'<div class="scale" aria-hidden="true">{band}{mark}</div><div class="ends">{ends}</div>'


def _when(result: VariantResult, report: Report | None) -> str:
    """When who looks fake, where that is not all the time; unknown while there is no report."""
    if report is None:
        return ""
    several, said = len(result.people) > 1, []
    for who in result.people:
        times = words_for(who.stretches, report.clip.duration_s, report.frames_sampled)
        if times and times != THROUGHOUT:
            said.append(f"Person {who.person} looks fake {times}." if several else f"Fake {times}.")
    return f'<p class="why">{" ".join(said)}</p>' if said else ""


def _why(result: VariantResult, hard: tuple[str, ...]) -> str:
    """Why there is no clear verdict; and, of a clear one, what speaks against trusting it."""
    if result.verdict == NO_FACE:
        return '<p class="why">No face to judge.</p>'
    low, high = result.uncertain
    sentences = [f"Between {low:.2f} and {high:.2f} it is too close to call."] * (result.verdict == UNCERTAIN)
    swing = result.frame_p_fake.max() - result.frame_p_fake.min()
    if result.verdict == UNCERTAIN and swing > SWING:
        low, high = result.frame_p_fake.min(), result.frame_p_fake.max()
        sentences.append(f"Its opinion swings from {low:.2f} to {high:.2f} between frames.")
    if hard:
        sentences.append(f"Hard to judge: {', '.join(hard)}.")
    return f'<p class="why">{escape(" ".join(sentences))}</p>' if sentences else ""


def _scope(result: VariantResult) -> str:
    """The kinds of forgery of which this variant's verdict says nothing."""
    if not result.guesses_on:
        return ""
    families = escape(family_titles(result.guesses_on))
    return f'<p class="small scope">No better than chance, on clips from elsewhere, at: {families}.</p>'


def _broken(error: VariantError) -> str:
    return (
        f'<article class="card broken"><h3>{escape(error.variant or "")}</h3>'
        f'<span class="pill none">not run</span><p class="why">{escape(error.message)}</p></article>'
    )
