"""Every command of train/ says what it does, and in one sentence what it lacks, where the app alone is installed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy  # each command in a process of its own

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(path.name for path in (ROOT / "train").glob("*.py") if "def main(" in path.read_text())
EXTRA = re.findall(r"^([\w-]+)==", (ROOT / "train" / "requirements.txt").read_text(), re.MULTILINE)
HIDE = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name.split(".")[0] in {names} else find(name, *rest)
"""


def run_without(packages: list[str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python where these packages cannot be imported."""
    (folder / "sitecustomize.py").write_text(HIDE.format(names=packages))
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


def test_the_commands_are_those():
    assert {"build_zoo.py", "push_zoo.py", "train.py", "evaluate.py"} <= set(COMMANDS)
    assert {"onnx", "accelerate", "trackio"} <= set(EXTRA)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_nothing_of_trains_own(command, tmp_path):
    done = run_without(EXTRA, tmp_path, f"train/{command}", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python train/{command}" in done.stdout


def test_a_release_is_checked_without_them(tmp_path, small_release):
    done = run_without(
        EXTRA, tmp_path, "train/push_zoo.py", "--repo", "a/b", "--dry-run", "--release", str(small_release)
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "would go to a/b" in done.stdout


@pytest.mark.parametrize("package", ["onnx", "accelerate", "h5py"])
def test_what_is_missing_is_one_sentence(package, tmp_path):
    code = {
        "onnx": "from train.release.onnx_export import export_graph as use; use(None, 16, None)",
        "h5py": "from train.release.keras_weights import read_layers as use; use(None)",
        "accelerate": "from train.trainer.loop import LoopOptions, _accelerator as use; use(LoopOptions())",
    }[package]
    imports, _, call = code.partition("; ")
    done = run_without(
        EXTRA, tmp_path, "-c", f"from train.cli import run_command\n{imports}\nrun_command(lambda: {call})"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: {package} is not installed; python -m pip install -r train/requirements.txt brings it\n"
    )
