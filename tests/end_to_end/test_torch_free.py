"""Finders and graphs need no torch, and nothing else that takes long to load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy  # each test is a process that loads an engine

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "torchvision", "timm", "facenet_pytorch", "scipy", "sklearn", "matplotlib", "pandas", "cpuinfo")
CODE = """
import json, sys
from functools import partial
from pathlib import Path
from explorer.faces.finders import finder_named
from explorer.pipeline import analyse
from explorer.inference.runners import open_runner

finder, engine, *names = sys.argv[2:]
*_, report = analyse(
    Path(sys.argv[1]), {name: partial(open_runner, name, engine) for name in names}, finder_named(finder), frames=8
)
verdicts = {row.name: [row.engine, row.verdict, row.p_fake] for row in report.variants}
print(json.dumps([verdicts, [error.message for error in report.errors], list(sys.modules)]))
"""


def analysed(clip: Path, *words: str) -> tuple[dict, list[str], set[str]]:
    """In a fresh process: by variant its engine, verdict and p_fake; errors; the packages that it imported."""
    command = [sys.executable, "-c", CODE, str(clip), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    verdicts, errors, modules = json.loads(done.stdout.splitlines()[-1])
    return verdicts, errors, {name.split(".")[0] for name in modules}


@pytest.mark.parametrize(
    ("finder", "engine"), [("mtcnn-tracked", "auto"), ("mtcnn", "openvino"), ("haar", "onnxruntime")]
)
def test_a_verdict_by_graphs_imports_nothing_heavy(examples, finder, engine):
    verdicts, errors, packages = analysed(
        examples["Forged from 1.5 s"], finder, engine, "lite0_kd_p35", "lite0_kd_p35_int8"
    )
    assert errors == []
    assert {name: row[:2] for name, row in verdicts.items()} == {
        name: ["openvino" if engine == "auto" else engine, "fake"] for name in ("lite0_kd_p35", "lite0_kd_p35_int8")
    }
    assert packages & {"openvino", "onnxruntime"}
    assert packages.isdisjoint(HEAVY)


def test_torch_says_the_same_and_is_noticed(examples):
    without, with_torch = (
        analysed(examples["Forged face"], "haar", engine, "lite0_kd_p35") for engine in ("openvino", "torch")
    )
    assert with_torch[0]["lite0_kd_p35"][2] == pytest.approx(without[0]["lite0_kd_p35"][2], abs=1e-4)
    assert "torch" in with_torch[2]
