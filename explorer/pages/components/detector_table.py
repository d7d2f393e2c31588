"""A row for each detector: what it says about a clip, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from explorer.detectors import guest_named
from explorer.pages.components.guest_words import guest_words
from explorer.pages.components.verdict_marks import pill
from explorer.plots.palette import looks
from explorer.stretches import THROUGHOUT, words_for
from explorer.structures import Report, Spread, VariantError, VariantResult
from explorer.timing import speed_up
from explorer.verdicts import NO_FACE, UNCERTAIN
from model_zoo.families import family_titles
from model_zoo.manifest import Released
from model_zoo.variants import BASELINE, VARIANTS, plain_name
from model_zoo.zoo import Zoo

SWING = 0.4  # between the lowest and highest p_fake of a clip's frames
_DASHES = {  # Plotly's, in SVG's words
    "solid": "none", "dash": "7 4", "dot": "3 3", "dashdot": "7 3 2 3", "longdash": "11 4", "longdashdot": "11 3 2 3",
}  # fmt: skip
_HEADS = (  # key by which a click sorts, words, class
    ("place", "detector", ""),
    ("suspicion", "verdict", ""),
    ("suspicion", "p_fake, threshold", ""),
    ("ms", "ms a face", "n x"),
    ("mb", "MB", "n x"),
    ("auc", "AUC, test faces", "n x"),
)


@dataclass(frozen=True)
class Run:
    """What a run came to so far: `waiting` are those that still have to run; `report` is there once it is done."""

    results: Sequence[VariantResult]
    errors: Sequence[VariantError] = ()
    waiting: Sequence[str] = ()
    report: Report | None = field(default=None, repr=False)


def detector_table(run: Run, colours: Mapping[str, str], zoo: Zoo, released: Mapping[str, Released]) -> str:
    """HTML of the table, in the order of the zoo; a click on a head sorts it, a row opens to what else is known.

    The speed-up stands against the baseline variant of the same run; `released` holds what was measured, by name.
    """
    baseline = next((result for result in run.results if result.name == BASELINE and result.ms_per_face), None)
    failed = [error for error in run.errors if error.variant is not None]
    rows = {result.name: _row(result, run, baseline, colours[result.name], zoo, released) for result in run.results}
    rows |= {error.variant: _broken(error) for error in failed if error.variant}
    rows |= {name: _waiting(name) for name in run.waiting if name not in rows}
    places = list(colours)
    ordered = sorted(rows, key=lambda name: places.index(name) if name in places else len(places))
    if not ordered:
        return ""
    heads = "".join(_head(*head) for head in _HEADS)
    bodies = "".join(rows[name].replace("<tbody", f'<tbody data-place="{i}"', 1) for i, name in enumerate(ordered))
    return f'<table class="detectors"><caption>Each detector</caption><thead><tr>{heads}</tr></thead>{bodies}</table>'


def _head(key: str, words: str, kind: str) -> str:
    return f'<th scope="col" class="{kind}"><button type="button" data-sort="{key}">{words}</button></th>'


def _row(
    result: VariantResult,
    run: Run,
    baseline: VariantResult | None,
    colour: str,
    zoo: Zoo,
    released: Mapping[str, Released],
) -> str:
    ms = f"{result.ms_per_face.median:.1f}" if result.ms_per_face else "&ndash;"
    auc = _auc(released.get(result.name))
    costs = f'<small class="c">{ms} ms a face &middot; {result.size_mb:.1f} MB</small>'
    keys = {
        "suspicion": -(result.p_fake or 0),
        "ms": result.ms_per_face.median if result.ms_per_face else 0,
        "mb": result.size_mb,
        "auc": -float(auc or 0),
    }
    data = "".join(f' data-{key}="{value:.6f}"' for key, value in keys.items())
    name, plain = escape(result.name), escape(plain_name(result.name))
    numbers = "".join(f'<td class="n x">{each}</td>' for each in (ms, f"{result.size_mb:.1f}", auc or "&ndash;"))
    return (
        f'<tbody data-name="{name}"{data}><tr><th scope="row" class="who"><button type="button" class="more" '
        f'aria-expanded="false">{_key(result.name, colour)}<b>{plain}</b></button>'
        f"<small>{name}</small>{costs}</th>"
        f"<td>{pill(result.verdict)}</td><td>{_bar(result)}</td>"
        f"{numbers}</tr>"
        f'<tr class="about" hidden><td colspan="6">{_about(result, run, baseline, zoo)}</td></tr></tbody>'
    )


def _key(name: str, colour: str) -> str:
    """A piece of the variant's curve."""
    dashes = _DASHES[looks([name])[name].dash]
    line = f'<line x1="1" x2="25" y1="5" y2="5" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
    return f'<svg class="key" viewBox="0 0 26 10" aria-hidden="true">{line}</svg>'


def _auc(row: Released | None) -> str:
    auc = row.metrics.get("test", {}).get("auc") if row else None
    return "" if auc is None else f"{auc:.3f}"


def _bar(result: VariantResult) -> str:
    """0 = real to 1 = fake, with the band about the threshold in which it is unsure, and a mark at p_fake."""
    if result.p_fake is None:
        return "&ndash;"
    low, high = (f"{100 * end:.1f}%" for end in result.uncertain)
    title = f"p_fake {result.p_fake:.2f}, threshold {result.threshold:.2f}"
    return (
        f'<div class="bar" style="--low:{low};--high:{high}" role="img" aria-label="{title}" title="{title}">'
        f'<em style="left:{100 * result.threshold:.1f}%"></em><u style="left:{100 * result.p_fake:.1f}%"></u></div>'
        f'<span class="p">{result.p_fake:.2f}</span>'
    )


def _about(result: VariantResult, run: Run, baseline: VariantResult | None, zoo: Zoo) -> str:
    """What a row opens to."""
    sentences = [*_when(result, run.report), *_why(result), *_scope(result)]
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    facts = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(result, baseline))
    return f"{told}<dl>{facts}</dl><p>{_card(result, zoo)}</p>"


def _when(result: VariantResult, report: Report | None) -> list[str]:
    """When who looks fake, where that is not all the time; unknown while there is no report."""
    several, said = len(result.people) > 1, []
    for who in result.people if report else ():
        times = words_for(who.stretches, report.clip.duration_s, report.frames_sampled) if report else ""
        if times and times != THROUGHOUT:
            said.append(f"Person {who.person} looks fake {times}." if several else f"Fake {times}.")
    return said


def _why(result: VariantResult) -> list[str]:
    """Why there is no clear verdict."""
    if result.verdict == NO_FACE:
        return ["No face to judge."]
    if result.verdict != UNCERTAIN:
        return []
    (low, high), p_fake = result.uncertain, result.frame_p_fake
    sentences = [f"Between {low:.2f} and {high:.2f} it is too close to call."]
    if p_fake.max() - p_fake.min() > SWING:
        sentences.append(f"Its opinion swings from {p_fake.min():.2f} to {p_fake.max():.2f} between frames.")
    return sentences


def _scope(result: VariantResult) -> list[str]:
    """The kinds of forgery of which this variant's verdict says nothing."""
    kinds = family_titles(result.guesses_on)
    return [f"No better than chance, on clips from elsewhere, at: {kinds}."] if kinds else []


def _speed_up(cost: Spread, base: Spread) -> str:
    times = 1.0 if cost is base else speed_up(cost, base)
    return f"{times:.2f} &times;" if times else "unsteady: this run's times vary too much"


def _facts(result: VariantResult, baseline: VariantResult | None) -> list[tuple[str, str]]:
    cost = result.ms_per_face
    base = baseline.ms_per_face if baseline else None
    speedup = _speed_up(cost, base) if base and cost else "&ndash;"
    rate = result.fake_frame_rate
    return [
        ("ms per face, median (IQR)", f"{cost.median:.1f} ({cost.iqr:.1f})" if cost else "&ndash;"),
        (f"speed-up over {BASELINE}", speedup),
        ("frames above threshold", "&ndash;" if rate is None else f"{rate:.0%}"),
        ("threshold", f"{result.threshold:.2f}"),
        ("parameters", f"{result.params / 1e6:.2f} M"),
        ("size", f"{result.size_mb:.1f} MB"),
    ]


def _card(result: VariantResult, zoo: Zoo) -> str:
    """Which network on which engine, and a link to its card at the revision that is served; the bundled zoo's are in
    the Zoo tab."""
    if guest := guest_named(zoo, result.name):
        return f"{guest_words(guest)}; on {escape(result.engine)}"
    title = VARIANTS[result.name].title if result.name in VARIANTS else result.name
    what = f"{escape(title)} on {escape(result.engine)}"
    if zoo.here:
        return f"{what} &middot; revision {escape(zoo.revision[:7])}"
    url = f"https://huggingface.co/{zoo.source}/blob/{zoo.revision}/{result.name}/README.md"
    words = f"card at {escape(zoo.revision[:7])}"
    return f'{what} &middot; <a href="{escape(url)}" target="_blank" rel="noopener">{words}</a>'


def _broken(error: VariantError) -> str:
    name = error.variant or ""
    plain = escape(plain_name(name))
    return (
        f'<tbody class="broken" data-name="{escape(name)}"><tr><th scope="row" class="who"><b>{plain}</b>'
        f'<small>{escape(name)}</small></th><td><span class="pill none">not run</span></td>'
        f'<td colspan="4">{escape(error.message)}</td></tr></tbody>'
    )


def _waiting(name: str) -> str:
    return (
        f'<tbody class="waiting" data-name="{escape(name)}"><tr><th scope="row" class="who"><b>'
        f'{escape(plain_name(name))}</b><small>{escape(name)}</small></th><td colspan="5">&hellip;</td></tr></tbody>'
    )
