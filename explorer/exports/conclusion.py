"""What all detectors together say of a clip, in sentences: the page, the API and the zip show these."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from explorer.caveats import caveats, rests_on_one_picture
from explorer.stretches import words_for
from explorer.structures import Report, Stretch, VariantResult
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN
from model_zoo.families import family_titles
from model_zoo.manifest import Released

SPLIT, NONE = "split", "none"  # beside the verdicts: detectors that contradict each other; nothing that could be judged
SPLIT_MEASURED = "test"  # the faces on which the rates of being right were measured
BANDS = ((0.95, "strong"), (0.85, "moderate"), (0.70, "limited"), (0.0, "weak"))  # least rate of being right, word
MAX_LEVEL = len(BANDS)
MOST = 2 / 3  # of the detectors that agree, or the evidence is weak
CAUTION = (
    "An opinion of small networks about the pixels of faces, not a proof: never rest an accusation, or an all-clear, "
    "on it alone."
)
MEANT = {  # whom those mean that say fake, where there are several people: the one detector, all of them, some
    "one": "It means person {person}.",
    "all": "They agree on person {person}.",
    "some": "{count} of them mean person {person}.",
}
NEXT = (
    "Look for the original and its source.",
    "Ask whoever is shown.",
    "Ask a forensic expert, who will want the clip itself as you got it.",
)


@dataclass(frozen=True)
class Conclusion:
    """`verdict` is that of most detectors, SPLIT where there is no most, NONE where none could judge.

    `headline` is one sentence, `details` those that follow it; `level` counts evidence from 0 (none either way) to 4
    (strong), `evidence` words it; `hard` says what makes the clip hard to judge, `caution` how far to trust it all,
    `next_steps` what to do.
    """

    verdict: str
    headline: str
    details: tuple[str, ...] = ()
    level: int = 0
    evidence: str = ""
    hard: tuple[str, ...] = ()
    caution: str = CAUTION
    next_steps: tuple[str, ...] = NEXT


def conclude(report: Report, released: Mapping[str, Released]) -> Conclusion:
    """What the variants of a report say together; `released` holds what was measured of them, by name."""
    results = [result for result in report.variants if result.verdict != NO_FACE]
    if not results:
        ran = bool(report.variants)
        return Conclusion(
            NO_FACE if ran else NONE,
            "No face was found: there is no verdict, neither real nor fake."
            if ran
            else "No detector could run: there is no verdict.",
        )
    counts, hard = Counter(result.verdict for result in results), caveats(report)
    most, agree = counts.most_common(1)[0]
    verdict = most if 2 * agree > len(results) else SPLIT
    agreeing = [result for result in results if result.verdict == verdict]
    rate, measured = _rate(agreeing, released)
    blind = _blind(agreeing or results)
    level = _level(verdict, rate, agree / len(results), bool(hard), bool(blind))
    return Conclusion(
        verdict,
        _headline(verdict, counts, len(results), _times(agreeing, report) if verdict == FAKE else ""),
        tuple(filter(None, (_basis(report), _others(verdict, counts), _person(agreeing, report), _cost(results)))),
        level,
        _evidence(verdict, level, rate if measured else None, blind),
        hard,
        f"{CAUTION} They are no better than chance at {blind}." if blind else CAUTION,
    )


def _headline(verdict: str, counts: Counter[str], total: int, times: str) -> str:
    when = f", {times}" if times else ""
    if verdict == SPLIT:
        said = [
            f"{counts[word]} {'say' if counts[word] > 1 else 'says'} {word}" for word in (FAKE, REAL) if counts[word]
        ]
        said += [f"{counts[UNCERTAIN]} {_are(counts[UNCERTAIN])} unsure"] if counts[UNCERTAIN] else []
        return f"The detectors contradict each other: {_and(said)}."
    verb = {FAKE: "says fake", REAL: "says real", UNCERTAIN: "is unsure"}[verdict]
    plural = verb.replace("says", "say").replace("is", "are")
    count = counts[verdict]
    if total == 1:
        return f"The one detector {verb}{when}."
    who = f"All {total} detectors" if count == total else f"{count} of {total} detectors"
    return f"{who} {plural}{when}."


def _basis(report: Report) -> str:
    """What little it rests on, where that is but one picture."""
    return "The verdict rests on one picture." if rests_on_one_picture(report) else ""


def _others(verdict: str, counts: Counter[str]) -> str:
    """What the others say, where most agree."""
    if verdict == SPLIT:
        return ""
    said = []
    for word in (FAKE, REAL, UNCERTAIN):
        count = counts[word]
        if word != verdict and count:
            who = "One" if count == 1 else f"{count}"
            said.append(f"{who} {_are(count)} unsure" if word == UNCERTAIN else f"{who} say{'s' * (count == 1)} {word}")
    return f"{_and(said)}." if said else ""


def _times(agreeing: Sequence[VariantResult], report: Report) -> str:
    """When more than half of those that say fake see a forged stretch; empty where that is no time of its own."""
    found = [[each for who in result.people for each in who.stretches] for result in agreeing]
    ends = np.unique([end for stretches in found for each in stretches for end in (each.from_s, each.to_s)])
    shared: list[Stretch] = []
    for start, end in pairwise(ends):
        seen = sum(any(each.from_s <= start and end <= each.to_s for each in stretches) for stretches in found)
        if 2 * seen > len(agreeing):
            if shared and shared[-1].to_s == start:
                start = shared.pop().from_s
            shared.append(Stretch(float(start), float(end), 1.0))
    return words_for(shared, report.clip.duration_s, report.frames_sampled)


def _person(agreeing: Sequence[VariantResult], report: Report) -> str:
    """Whom those mean that say fake, of several people."""
    meant = Counter(result.people[0].person for result in agreeing if result.verdict == FAKE and result.people)
    if not meant or len({face.person for face in report.faces}) < 2:
        return ""
    person, count = meant.most_common(1)[0]
    who = "one" if len(agreeing) == 1 else "all" if count == len(agreeing) else "some"
    return MEANT[who].format(person=person, count=count)


def _cost(results: Sequence[VariantResult]) -> str:
    """What the smallest cost, beside the largest."""
    timed = [(result, result.ms_per_face) for result in results if result.ms_per_face]
    if not timed:
        return ""
    small, cost = min(timed, key=lambda pair: pair[0].size_mb)
    large, price = max(timed, key=lambda pair: pair[0].size_mb)
    if small is large:
        return f"It is {small.size_mb:.1f} MB and took {cost.median:.1f} ms a face."
    same = "said the same as" if small.verdict == large.verdict else "did not say the same as"
    times = f"{cost.median:.1f} against {price.median:.1f} ms a face"
    return f"The smallest, {small.size_mb:.1f} MB, {same} the largest, {large.size_mb:.1f} MB ({times})."


def _rate(agreeing: Sequence[VariantResult], released: Mapping[str, Released]) -> tuple[float, bool]:
    """How often they are right with a p_fake like this, and whether that was measured; by p_fake itself where it was of
    none of them."""
    of_some = [result for result in agreeing if _bins(result, released)]
    rates = []
    for result in of_some or agreeing:
        p_fake = _p_fake(result)
        bins = _bins(result, released)
        rate = bins[min(int(p_fake * len(bins)), len(bins) - 1)] if bins else p_fake
        rates.append(rate if result.verdict == FAKE else 1 - rate)
    return float(np.median(rates)) if rates else 0.0, bool(of_some)


def _bins(result: VariantResult, released: Mapping[str, Released]) -> list[float]:
    """The share of fakes by p_fake, as it was measured; empty of a guest."""
    row = released.get(result.name)
    return row.metrics.get(SPLIT_MEASURED, {}).get("reliability", {}).get("fake_rate", []) if row else []


def _p_fake(result: VariantResult) -> float:
    """What the verdict rests on: the most suspicious stretch, or the mean."""
    stretches = [each.p_fake for who in result.people for each in who.stretches]
    return max([result.p_fake or 0.0, *stretches])


def _level(verdict: str, rate: float, agreement: float, hard: bool, blind: bool) -> int:
    if verdict not in (FAKE, REAL):
        return 0
    level = next(len(BANDS) - i for i, (least, _) in enumerate(BANDS) if rate >= least)
    level = min(level, 1 if agreement < MOST or blind else 4 if agreement == 1 else 3)
    return max(level - hard, 1)


def _evidence(verdict: str, level: int, rate: float | None, blind: str) -> str:
    """The band in words, and the measured rate behind it; on clips from elsewhere that rate may not hold."""
    if not level:
        return "no evidence either way"
    words = f"{BANDS[len(BANDS) - level][1]} evidence"
    if rate is None:
        return words
    of = "fakes" if verdict == FAKE else "real"
    but = f", but on clips from elsewhere they are no better than chance at {blind}" if blind else ""
    return f"{words}: of test faces that looked like this to them, {min(int(10 * rate), 9)} in 10 were {of}{but}"


def _blind(results: Sequence[VariantResult]) -> str:
    """The kinds of forgery at which each of them was measured to be no better than chance."""
    kinds = [kind for kind in results[0].guesses_on if all(kind in result.guesses_on for result in results)]
    return family_titles(tuple(kinds))


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _and(parts: Sequence[str]) -> str:
    """ "a, b and c" """
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""
