"""The page on the visitor's device as a static Space: its files, the zoo's at one commit among them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import SpaceCard, SpaceCardData

from explorer.device.parts import CDN, GRAPHS, RUNTIME, write_graphs
from explorer.device.site import Content, site_files
from model_zoo.files import sha256_of
from model_zoo.zoo import Zoo
from train.release.space import DATASETS, TAGS

ROOT = Path(__file__).resolve().parents[2]
# So that the page may share memory between threads; without them it works on one.
HEADERS = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
}
TEXT = """# Deepfake detectors on your own device

The zoo [{zoo}](https://huggingface.co/{zoo}) at commit `{commit}`, in the visitor's own browser: a clip is
decoded, its faces are found and judged on the device, and nothing of it is sent anywhere. The runtime comes from
{cdn} with subresource integrity; every other file lies here, and is compared with its sha256
before it is used.

An opinion of small networks, not a proof. Research use: the weights are under the terms of what they were trained on.
"""


def static_files(zoo: Zoo, examples: Mapping[str, Path], folder: Path) -> dict[str, Content]:
    """The Space's files by path; MTCNN's graphs are written into `folder`. Raises BadManifest."""
    write_graphs(folder)
    sums = RUNTIME | {name: sha256_of(folder / name) for name in GRAPHS}
    files = site_files(zoo, sums, folder, examples, CDN)
    legal: dict[str, Content] = {name: ROOT / name for name in ("LICENSE", "THIRD_PARTY.md")}
    return files | legal | {"README.md": static_card(zoo.source, zoo.revision).encode()}


def static_card(zoo: str, commit: str) -> str:
    """The front matter of a static Space that shows this zoo, and what it is."""
    facts: dict[str, Any] = {
        "title": "Deepfake detectors on your own device",
        "emoji": "📱",
        "colorFrom": "blue",
        "colorTo": "gray",
        "sdk": "static",
        "app_file": "index.html",
        "license": "other",
        "short_description": "Light deepfake detectors in your browser, no upload",
        "models": [zoo],
        "tags": TAGS,
        "datasets": DATASETS,
        "custom_headers": HEADERS,
    }
    front = SpaceCardData(**facts).to_yaml()
    return str(SpaceCard(f"---\n{front}\n---\n\n{TEXT.format(zoo=zoo, commit=commit, cdn=CDN)}"))
