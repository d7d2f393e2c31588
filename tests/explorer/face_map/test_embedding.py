from time import process_time

import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.face_map.embedding import NOISE, embed


def blobs(*sizes: int, channels: int = 20) -> np.ndarray:
    """Tight groups of points, each 100 away from the origin along an axis of its own."""
    rng, every = np.random.default_rng(0), []
    for axis, size in enumerate(sizes):
        every.append(100 * np.eye(channels)[axis] + rng.normal(0, 0.1, (size, channels)))
    return np.concatenate(every)


def test_clusters_are_the_groups_and_a_loner_is_in_none():
    layout = embed(blobs(8, 8, 1))
    first, second, loner = layout.clusters[:8], layout.clusters[8:16], layout.clusters[16]
    assert len(set(first)) == len(set(second)) == 1
    assert {first[0], second[0]} == {0, 1}
    assert loner == NOISE


def test_neighbours_in_the_map_are_of_one_group():
    points = embed(blobs(10, 10, 10)).points
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    assert np.array_equal(distances.argmin(1) // 10, np.arange(30) // 10)


def test_references_follow_the_faces():
    layout = embed(blobs(6), blobs(7, 9))
    assert layout.points.shape == (22, 3)
    assert np.isfinite(layout.points).all()
    assert layout.clusters.shape == (22,)
    assert len(set(layout.clusters[:13])) == 1  # the first seven references look like the faces
    assert layout.clusters[13] not in (NOISE, layout.clusters[0])


def test_the_variance_of_two_groups_lies_along_one_axis():
    variance = embed(blobs(10, 10)).explained_variance
    assert variance.shape == (19,)  # 20 points span 19 dimensions
    assert variance[0] > 0.99
    assert variance.sum() == pytest.approx(1)


def test_at_most_50_components():
    assert embed(np.random.default_rng(0).normal(size=(80, 70))).explained_variance.shape == (50,)


def test_the_same_input_gives_the_same_map():
    assert np.array_equal(embed(blobs(6, 6)).points, embed(blobs(6, 6)).points)


def test_five_faces_are_enough_and_four_are_not():
    assert embed(blobs(5)).points.shape == (5, 3)
    with pytest.raises(InvalidRequest, match="at least 5 faces and there are 4; analyse more frames"):
        embed(blobs(4), blobs(50))


def test_equal_faces_have_no_map():
    with pytest.raises(InvalidRequest, match="all faces are the same picture"):
        embed(np.ones((6, 20)))


@pytest.mark.heavy
def test_a_clip_among_200_references_takes_seconds():
    rng = np.random.default_rng(0)
    began = process_time()
    embed(rng.random((32, 1280)), rng.random((200, 1280)))
    assert process_time() - began < 10  # of all cores together
