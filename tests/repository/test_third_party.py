"""THIRD_PARTY.md lists what there is: pinned packages, released weights, what lies in the wheels."""

import re
from importlib.metadata import version
from pathlib import Path

import av
import cv2
import facenet_pytorch
import pytest

from model_zoo.files import sha256_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


def pinned() -> list[tuple[str, str]]:
    """(package, version) by line of requirements.txt; extras, markers and comments left out."""
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)(?:$|;)", requirements, re.MULTILINE)


def test_every_pinned_package_is_listed_with_its_version_and_a_licence():
    rows = re.findall(r"^\| ([\w.-]+) \| (\d[\w.]*) \| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE)
    assert sorted((name, listed) for name, listed, _ in rows) == sorted(pinned())
    assert all(licence.strip() for *_, licence in rows)


@pytest.mark.parametrize("name", ["gradio", "av", "opencv-python-headless", "facenet-pytorch", "torch"])
def test_what_is_installed_is_what_is_pinned(name):
    assert (name, version(name)) in pinned()


def test_what_is_optional_is_listed_with_its_version():
    for name in ("requirements-cluster.txt", "train/requirements.txt", "lock/zerogpu.in"):
        wanted = re.findall(
            r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
        )
        assert wanted
        assert [f"{package} {pin}" for package, pin in wanted if f"`{package}` {pin}" not in PAGE] == []
    assert "`pillow-heif`" in PAGE


def test_every_released_variant_is_listed(released):
    assert not [name for name in released if f"`{name}`" not in PAGE]


def test_every_file_that_is_data_is_listed():
    data = {path.name for name in ("explorer", "model_zoo") for path in (ROOT / name).rglob("*.npz")}
    assert data == {"reference.npz"}
    assert "`explorer/face_map/reference.npz`" in PAGE


def test_the_files_in_the_wheels_are_those_described():
    listed = {name: sha256 for sha256, name in re.findall(r"^    ([0-9a-f]{64})  (\S+)$", PAGE, re.MULTILINE)}
    cascade = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    weights = (Path(facenet_pytorch.__file__).parent / "data").glob("*.pt")
    assert {path.name: sha256_of(path) for path in (cascade, *weights)} == listed


def test_the_codecs_inside_pyav_are_those_described():
    assert av.library_versions["libavcodec"][0] in (62, 63)  # of PyAV 18 and 19
    assert {"libx264", "libx265"} <= av.codecs_available
    assert "GPL-2.0-or-later" in PAGE
