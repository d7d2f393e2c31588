"""The Plotly figure of a face map."""

from types import EllipsisType
from typing import Any

import numpy as np
import plotly.graph_objects as go

from explorer.face_map.embedding import NOISE
from explorer.face_map.mapping import FaceMap
from explorer.plots.palette import category_colours
from explorer.plots.summaries import told, values_in_words

BY_CLUSTER, BY_TIME, BY_PERSON, BY_P_FAKE = "cluster", "time", "person", "p_fake of "
_GREY = "#8a94a3"
_REFERENCES = {0: ("real reference", "circle-open"), 1: ("fake reference", "cross")}
_REAL_TO_FAKE = [(0.0, "#0072B2"), (0.5, "#c9ced6"), (1.0, "#D55E00")]  # the verdict cards' scale
# Opaque, as WebGL blends a see-through line with what is not the page.
_SCENE_AXIS = dict(
    showbackground=False, showticklabels=False, showspikes=False, gridcolor="#9aa3b0", zeroline=False
)  # fmt: skip
_LAYOUT = dict(
    height=460,
    margin=dict(l=0, r=0, t=8, b=8),
    paper_bgcolor="rgba(0,0,0,0)",
    font=dict(family="system-ui, sans-serif", size=12, color="#7a828e"),
    modebar=dict(remove=["toimage"], bgcolor="rgba(0,0,0,0)", color="#7a828e", activecolor="#0072B2"),
    legend=dict(orientation="h", y=0, yanchor="top", x=0.5, xanchor="center", itemsizing="constant"),
    scene=dict(
        bgcolor="rgba(0,0,0,0)",
        aspectmode="cube",
        **{f"{axis}axis": _SCENE_AXIS | dict(title=f"t-SNE {i}") for i, axis in enumerate("xyz", 1)},
    ),
)


def colour_choices(face_map: FaceMap) -> list[str]:
    """What the points can be coloured by."""
    return [BY_CLUSTER, BY_TIME, BY_PERSON, *(BY_P_FAKE + name for name in face_map.p_fake)]


def face_map_figure(face_map: FaceMap, colour_by: str = BY_CLUSTER) -> go.Figure:
    """The map in 3D; `customdata` of a point is its caption and, of a face, its crop as a data URI.

    Raises KeyError for a colour that is none of colour_choices.
    """
    figure = go.Figure(layout=_LAYOUT)
    clusters = face_map.embedding.clusters[: len(face_map.times)]
    groups_in_words = {_cluster(each): f"{np.sum(clusters == each)} faces" for each in np.unique(clusters)}
    told(figure, values_in_words(f"{len(clusters)} faces as {face_map.variant} sees them, in 3D", groups_in_words))
    figure.update_layout(uirevision=f"{face_map.clip} {face_map.variant}")  # another colour keeps the camera
    _add_references(figure, face_map, colour_by)
    if colour_by == BY_TIME:
        scale: dict[str, Any] = dict(colorscale="Cividis", colorbar=_bar("time, s"))
        _add_faces(figure, face_map, ..., "face", dict(color=face_map.times, **scale))
    elif colour_by.startswith(BY_P_FAKE):
        values = face_map.p_fake[colour_by.removeprefix(BY_P_FAKE)]
        scale = dict(colorscale=_REAL_TO_FAKE, cmin=0, cmax=1, colorbar=_bar("p_fake"))
        _add_faces(figure, face_map, ..., "face", dict(color=values, **scale))
    else:
        groups = {BY_CLUSTER: face_map.embedding.clusters[: len(face_map.times)], BY_PERSON: face_map.persons}
        shades = _shades(face_map)
        for value in np.unique(groups[colour_by]):
            name = _cluster(value) if colour_by == BY_CLUSTER else f"person {value}"
            _add_faces(figure, face_map, groups[colour_by] == value, name, dict(color=shades[value]))
    return figure


def _bar(title: str) -> dict:
    return dict(title=title, thickness=12, len=0.7, outlinewidth=0)


def _shades(face_map: FaceMap) -> dict[int, str]:
    """A colour per cluster or person."""
    highest = max(face_map.embedding.clusters.max(), face_map.persons.max())
    return {NOISE: _GREY} | dict(enumerate(category_colours(highest + 1)))


def _add_faces(figure: go.Figure, face_map: FaceMap, which: np.ndarray | EllipsisType, name: str, marker: dict) -> None:
    rows = np.arange(len(face_map.times))[which]
    marker = marker | dict(size=7, line=dict(color="#fff", width=1))
    _add(figure, face_map, rows, name, marker, [(_caption(face_map, i), face_map.crops[i]) for i in rows])


def _add_references(figure: go.Figure, face_map: FaceMap, colour_by: str) -> None:
    """References are grey, except where clusters are shown, to which they belong too."""
    clusters, shades = face_map.embedding.clusters, _shades(face_map)
    for label, (name, symbol) in _REFERENCES.items():
        rows = len(face_map.times) + np.flatnonzero(face_map.labels == label)
        if len(rows):
            colour = [shades[clusters[i]] for i in rows] if colour_by == BY_CLUSTER else _GREY
            marker = dict(color=colour, symbol=symbol, size=3)
            captions = [f"{name}, {_cluster(clusters[i])} (its picture is not kept)" for i in rows]
            _add(figure, face_map, rows, name, marker, [(caption, "") for caption in captions])


def _add(
    figure: go.Figure, face_map: FaceMap, rows: np.ndarray, name: str, marker: dict, labels: list[tuple[str, str]]
) -> None:
    """One trace; `labels` is the caption and the picture of each point."""
    x, y, z = face_map.embedding.points[rows].T
    figure.add_scatter3d(x=x, y=y, z=z, mode="markers", name=name, marker=marker, customdata=labels, hoverinfo="none")


def _cluster(cluster: int) -> str:
    return "in no cluster" if cluster == NOISE else f"cluster {cluster}"


def _caption(face_map: FaceMap, i: int) -> str:
    """What is known of the i-th face."""
    caption = f"{face_map.times[i]:.2f} s, person {face_map.persons[i]}, {_cluster(face_map.embedding.clusters[i])}"
    opinions = ", ".join(f"{name} {values[i]:.2f}" for name, values in face_map.p_fake.items())
    return f"{caption}; p_fake: {opinions}" if opinions else caption
