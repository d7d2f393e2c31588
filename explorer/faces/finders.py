"""Face finders by name: frames in, the faces of each out."""

from collections.abc import Callable, Sequence

import numpy as np

from explorer.errors import UnknownOption
from explorer.faces.close_ups import missed, with_margins
from explorer.faces.haar import haar, haar_close_up
from explorer.faces.mtcnn.finder import mtcnn_everywhere
from explorer.faces.mtcnn.tracked import mtcnn_tracked

# Finds the faces of each RGB uint8 frame: (N, 4) float32 xyxy in frame pixels, the largest first; N may be 0.
FindFaces = Callable[[Sequence[np.ndarray]], list[np.ndarray]]

FINDERS: dict[str, Callable[[], FindFaces]] = {
    "mtcnn-tracked": lambda: with_margins(mtcnn_tracked(), mtcnn_everywhere()),
    "mtcnn": lambda: with_margins(mtcnn_everywhere(), mtcnn_everywhere()),
    "haar": lambda: with_margins(haar(), haar_close_up(), missed),
}
DEFAULT_FINDER = "mtcnn-tracked"


def finder_named(name: str) -> FindFaces:
    """The finder of that name, for the frames of one clip. Raises UnknownOption, listing what there is."""
    if name not in FINDERS:
        raise UnknownOption(f"no face finder named {name!r}; choose one of {', '.join(FINDERS)}")
    return FINDERS[name]()
