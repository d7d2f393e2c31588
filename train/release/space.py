"""What a Space is made of beside our files: its front matter, its requirements, and what ZeroGPU wants."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from huggingface_hub import SpaceCard

ROOT = Path(__file__).resolve().parents[2]
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"  # builds without CUDA, which a Space on a CPU has no use for
CPU, ZEROGPU = "cpu-basic", "zerogpu"
HARDWARE = (CPU, ZEROGPU)
TAGS = ["deepfake-detection", "image-classification", "video", "explainability"]
DATASETS = ["imagenet-1k", "dfdc-faces"]  # that the zoo learned from, as its cards say
THUMBNAIL = "benchmarks/pictures/compare.jpg"
ON_ZEROGPU = {"python_version": "3.12.12", "app_file": "zerogpu.py", "suggested_hardware": "zero-a10g"}
ZEROGPU_APP = '''"""The explorer on ZeroGPU, which looks for a function for its GPU; ours needs the processor alone."""

import runpy

import spaces


@spaces.GPU
def on_gpu() -> None:
    """Never called."""


if __name__ == "__main__":
    runpy.run_path("app.py", run_name="__main__")
'''


def space_card(readme: str, repo: str, zoo: str, hardware: str = CPU, preload: str = "") -> str:
    """The README with the front matter of the Space `repo` that serves `zoo`; `preload` is a line of
    preload_from_hub."""
    card = SpaceCard(readme)
    data: Any = card.data  # which knows its fields at run time alone
    data.tags, data.datasets, data.models = TAGS, DATASETS, [zoo]
    data.thumbnail = f"https://huggingface.co/spaces/{repo}/resolve/main/{THUMBNAIL}"
    if preload:
        data.preload_from_hub = [preload]
    for key, value in (ON_ZEROGPU if hardware == ZEROGPU else {}).items():
        setattr(data, key, value)
    return str(card)


def preload_line(zoo: str, revision: str, files: Collection[str]) -> str:
    """What has the Hub fetch these files of the zoo at this commit when the Space is built, not when it starts."""
    return f"{zoo} {','.join(files)} {revision}"


def requirements(hardware: str = CPU) -> str:
    """On a CPU what requirements.txt names, with PyTorch's own index; on ZeroGPU, whose torch is older, all that is
    locked for it."""
    if hardware == ZEROGPU:
        return (ROOT / "lock" / "zerogpu.txt").read_text(encoding="utf-8")
    return f"--extra-index-url {TORCH_INDEX}\n{(ROOT / 'requirements.txt').read_text(encoding='utf-8')}"


def written_files(hardware: str, card: str) -> dict[str, bytes]:
    """The Space's files that are none of ours."""
    texts = {"README.md": card, "requirements.txt": requirements(hardware)}
    texts |= {"zerogpu.py": ZEROGPU_APP} if hardware == ZEROGPU else {}
    return {path: text.encode() for path, text in texts.items()}
