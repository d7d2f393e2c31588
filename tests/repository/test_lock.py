"""What is imported is declared, what is declared is locked with hashes; no network is asked."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = {"app", "benchmarks", "explorer", "lock", "model_zoo", "tests", "train"}
OPTIONAL = {"dlib", "mtcnn", "pillow_heif", "ray"}  # extras that the app does without, in a sentence
APP = ("requirements.txt",)
TRAIN = (*APP, "train/requirements.txt")
ALL = (*TRAIN, "tests/requirements.txt")
LOCKS = ("app.txt", "test.txt", "torch.txt", "cuda.txt")


def pins(path: Path) -> set[tuple[str, str]]:
    """(package, version) of a requirements file or a lock; names as PyPI normalises them (PEP 503)."""
    rows = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {(normalised(name), version) for name, version in rows}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(*places: str) -> set[str]:
    """Top-level names of others that our files import."""
    paths = [
        path for place in places for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - OWN - OPTIONAL - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("places", "requirements"),
    [(("app.py", "explorer", "model_zoo"), APP), (("train",), TRAIN), (("tests", "benchmarks", "lock"), ALL)],
    ids=lambda words: words[0],
)
def test_what_is_imported_is_declared(places, requirements):
    declared = {name for path in requirements for name, _ in pins(ROOT / path)}
    packages = packages_distributions()
    assert not {
        name
        for name in imported(*places)
        if declared.isdisjoint(map(normalised, packages.get(name, ["not installed"])))
    }


def test_every_requirement_is_locked():
    locked = {pin for name in LOCKS for pin in pins(ROOT / "lock" / name)}
    required = {pin for path in ALL for pin in pins(ROOT / path)}
    assert not required - locked, "run make lock"
    lines = [line for path in ALL for line in (ROOT / path).read_text().splitlines()]
    assert len(required) == len([line for line in lines if line and line[0] not in "#-"])  # nothing without a version


def test_the_app_needs_no_lock_but_its_own():
    locked = {pin for name in ("app.txt", "torch.txt") for pin in pins(ROOT / "lock" / name)}
    assert not pins(ROOT / "requirements.txt") - locked


def test_nothing_is_locked_that_known_advisories_name():
    """mcp below 1.29, and FFmpeg below 8.1.2 and 9.0.2, which PyAV 18.1 and 19.0.2 bring: docs/security.md."""
    floors = {"mcp": [(1, 29)], "av": [(18, 1), (19, 0, 2)]}
    for name, least in floors.items():
        locked = sorted(version for other, version in pins(ROOT / "lock" / "app.txt") if other == name)
        versions = [tuple(map(int, version.split("."))) for version in locked]
        assert all(version >= floor for version, floor in zip(versions, least, strict=True)), locked


def test_what_zerogpu_takes_is_locked_as_the_app_pins_it():
    locked, own = pins(ROOT / "lock" / "zerogpu.txt"), pins(ROOT / "lock" / "zerogpu.in")
    replaced = {name for name, _ in own}
    required = {(name, version) for name, version in pins(ROOT / "requirements.txt") if name not in replaced}
    older = {("av", "18.1.0")}  # of Python 3.11
    assert not (required | own) - older - locked, "run make lock"


@pytest.mark.parametrize("name", [*LOCKS, "zerogpu.txt"])
def test_a_lock_has_hashes_and_no_address(name):
    text = (ROOT / "lock" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    unhashed = {entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry}
    assert unhashed == ({"torch", "torchvision"} if name == "torch.txt" else set())
    assert len(entries) >= 2
