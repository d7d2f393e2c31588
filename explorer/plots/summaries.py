"""What a figure shows, in words, for whoever cannot see it: page.js makes them its name."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.structures import Report
from model_zoo.variants import plain_name


def told(figure: go.Figure, words: str) -> go.Figure:
    """The figure with its summary."""
    return figure.update_layout(meta=dict(summary=words))


def curves_in_words(report: Report, people: Sequence[int]) -> str:
    """Of each variant the lowest and the highest p_fake of these people, and when."""
    times = np.array([face.time_s for face in report.faces])
    persons = np.array([face.person for face in report.faces])
    sentences = []
    for who in people:
        own = np.flatnonzero(persons == who)
        if not len(own):
            continue
        ranges = [
            f"{plain_name(each.name)} from {each.frame_p_fake[own].min():.2f} to {each.frame_p_fake[own].max():.2f}, "
            f"highest at {times[own[each.frame_p_fake[own].argmax()]]:.1f} s"
            for each in report.variants
        ]
        of = f"person {who}, " if len(np.unique(persons)) > 1 else ""
        sentences.append(f"{of}{'; '.join(ranges)}")
    return f"p_fake over {report.clip.duration_s:.1f} s of the clip: {'. '.join(sentences)}."


def values_in_words(what: str, values: Mapping[str, str]) -> str:
    """What is shown, and each name with its value."""
    return f"{what}: {'; '.join(f'{name} {value}' for name, value in values.items()) or 'nothing'}."
