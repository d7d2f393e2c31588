import numpy as np
import pytest

from explorer.face_map.embedding import NOISE, Embedding
from explorer.face_map.mapping import FaceMap
from explorer.plots.face_map import colour_choices, face_map_figure


@pytest.fixture
def face_map() -> FaceMap:
    """Three faces at (0, 0, 0), (1, 1, 1), (2, 2, 2), then a real and a fake reference."""
    points = np.repeat(np.arange(5.0)[:, None], 3, axis=1)
    return FaceMap(
        clip="made.mp4", variant="lite0", embedding=Embedding(points, np.array([0, 1, NOISE, 1, NOISE]), np.ones(1)),
        labels=np.array([0, 1]), times=np.array([0.5, 1.0, 1.5]), persons=np.array([0, 0, 1]),
        p_fake={"b0": np.array([0.1, 0.2, 0.9])}, crops=("data:0", "data:1", "data:2"),
    )  # fmt: skip


def traces(figure) -> dict[str, list[float]]:
    """The x of each trace's points, by its name."""
    return {trace.name: list(trace.x) for trace in figure.data}


REFERENCES = {"real reference": [3.0], "fake reference": [4.0]}


@pytest.mark.parametrize(
    ("colour_by", "points"),
    [
        ("cluster", {"cluster 0": [0.0], "cluster 1": [1.0], "in no cluster": [2.0]}),
        ("person", {"person 0": [0.0, 1.0], "person 1": [2.0]}),
        ("time", {"face": [0.0, 1.0, 2.0]}),
        ("p_fake of b0", {"face": [0.0, 1.0, 2.0]}),
    ],
)
def test_points_are_grouped_by_what_they_are_coloured_by(face_map, colour_by, points):
    assert traces(face_map_figure(face_map, colour_by)) == REFERENCES | points


def test_the_choices(face_map):
    assert colour_choices(face_map) == ["cluster", "time", "person", "p_fake of b0"]
    with pytest.raises(KeyError):
        face_map_figure(face_map, "mood")


def test_p_fake_is_on_a_scale_from_0_to_1(face_map):
    marker = face_map_figure(face_map, "p_fake of b0").data[-1].marker
    assert (list(marker.color), marker.cmin, marker.cmax) == ([0.1, 0.2, 0.9], 0, 1)


def test_a_cluster_has_one_colour_for_faces_and_references(face_map):
    by_name = {trace.name: trace for trace in face_map_figure(face_map).data}
    assert by_name["real reference"].marker.color[0] == by_name["cluster 1"].marker.color
    assert by_name["cluster 0"].marker.color != by_name["cluster 1"].marker.color
    assert by_name["real reference"].marker.symbol != by_name["fake reference"].marker.symbol


def test_each_point_carries_its_caption_and_crop(face_map):
    by_name = {trace.name: trace.customdata for trace in face_map_figure(face_map).data}
    assert [tuple(row) for row in by_name["cluster 1"]] == [("1.00 s, person 0, cluster 1; p_fake: b0 0.20", "data:1")]
    assert [tuple(row) for row in by_name["fake reference"]] == [
        ("fake reference, in no cluster (its picture is not kept)", "")
    ]


def test_axes_are_named(face_map):
    scene = face_map_figure(face_map).layout.scene
    assert [axis.title.text for axis in (scene.xaxis, scene.yaxis, scene.zaxis)] == ["t-SNE 1", "t-SNE 2", "t-SNE 3"]
