"""A Hub repository for each variant, and the Collection that ties them."""

import json
from pathlib import Path

import cv2
import httpx2
import numpy as np
from huggingface_hub import HfApi
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import yaml_dump

from explorer.faces.crops import cut_square, resize_crop
from explorer.video.examples import FACE_CENTRE, load_portrait
from model_zoo.errors import HubError
from model_zoo.hub import why
from model_zoo.manifest import Manifest, Released
from train.release.configs import config_of
from train.release.hub_card import DATASET, EXAMPLE, eval_results, repository_card
from train.release.publish import Content

COLLECTION = "Light deepfake detectors"
_ABOUT = "How small can a deepfake detector get? EfficientNets, distilled, pruned, quantized."
_SIDE = 188  # pixels of the portrait: the face, cut as the zoo's crops are


def repository_of(owner: str, name: str) -> str:
    """The repository of a variant."""
    return f"{owner}/deepfake-{name.replace('_', '-')}"


def repository_files(manifest: Manifest, row: Released, release: Path, zoo: str, space: str = "") -> dict[str, Content]:
    """What a variant's own repository holds; `zoo` is the one that holds all of them."""
    owner, folder = zoo.partition("/")[0], release / row.name
    repo, twin = repository_of(owner, row.name), row.training.get("quantized_from", "")
    card = repository_card(
        row, (folder / "README.md").read_text(encoding="utf-8"), repo, zoo, space,
        repository_of(owner, twin) if twin else "",
    )  # fmt: skip
    written = {
        "config.json": json.dumps(config_of(row, manifest, release), indent=2) + "\n",
        "README.md": card,
        f".eval_results/{DATASET}.yaml": yaml_dump(eval_results(row, repo)),
    }
    files: dict[str, Content] = {path.partition("/")[2]: release / path for path in row.files}
    return files | {name: text.encode() for name, text in written.items()} | {EXAMPLE: example(row.input_size)}


def example(side: int) -> bytes:
    """A real face of this side as JPEG, cut as the zoo's crops are."""
    (x, y), half = FACE_CENTRE, _SIDE // 2
    crop = resize_crop(cut_square(load_portrait(), np.array([x - half, y - half, x + half, y + half]), 2 * half), side)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
    return encoded.tobytes()


def collect(owner: str, repositories: list[str], private: bool = False) -> str:
    """Put the repositories into the Collection, which is made where there is none; gives its address. Raises
    HubError."""
    api = HfApi()
    try:
        made = api.create_collection(COLLECTION, namespace=owner, description=_ABOUT, private=private, exists_ok=True)
        for repo in repositories:
            api.add_collection_item(made.slug, repo, "model", exists_ok=True)
    except (OSError, ValueError, httpx2.HTTPError, HFValidationError) as error:
        raise HubError(f"the Collection {COLLECTION!r} of {owner}: {why(error)}") from error
    return made.url
