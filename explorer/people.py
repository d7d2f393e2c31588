"""What a variant says about each person of a clip, and so about the clip."""

import numpy as np

from explorer.structures import PersonScore
from explorer.verdicts import Band, verdict

MIN_SCREEN_SHARE = 1 / 3  # the share of the frames with faces in which a person must be seen to decide over the clip


def judge_people(p_fake: np.ndarray, persons: np.ndarray, threshold: float, uncertain: Band) -> tuple[PersonScore, ...]:
    """Scores of the people, most suspicious first; p_fake (N,) in [0, 1] and persons (N,) are those of the faces."""
    found = []
    for person in np.unique(persons):
        mean = float(p_fake[persons == person].mean())
        found.append(
            PersonScore(int(person), int((persons == person).sum()), mean, verdict(mean, threshold, uncertain))
        )
    return tuple(sorted(found, key=lambda score: -score.p_fake))


def clip_p_fake(people: tuple[PersonScore, ...], frames: int) -> float | None:
    """The most suspicious person's p_fake, of those seen in at least MIN_SCREEN_SHARE of the `frames` that show a face.

    Where nobody is seen for so long, as in a clip of many shots, the mean over all faces; None without a face.
    """
    if not people:
        return None
    long_seen = [score.p_fake for score in people if score.faces >= MIN_SCREEN_SHARE * frames]
    if long_seen:
        return max(long_seen)
    return sum(score.p_fake * score.faces for score in people) / sum(score.faces for score in people)
