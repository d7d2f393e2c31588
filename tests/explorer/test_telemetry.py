"""Packages that report home, told not to: no connection, and no id to be known by."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model_zoo.manifest import RELEASE
from tests.support.watched_home import watched_home

ROOT = Path(__file__).resolve().parents[2]
SERVING_AND_TRAINING = [path for part in ("explorer", "model_zoo", "train") for path in (ROOT / part).rglob("*.py")]
REPORTERS = {"openvino", "onnxruntime"}
USE = f"""
import os, subprocess, sys
from explorer.telemetry import silence
silence()
import openvino, onnxruntime
onnxruntime.InferenceSession({str(next(RELEASE.glob("*/model.onnx")))!r})
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"  # which children inherit
openvino.convert_model  # its converter loads, with its own stub
"""


@pytest.mark.heavy
def test_what_reports_home_is_silent(tmp_path):
    environment = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    with watched_home(tmp_path) as home:
        subprocess.run([sys.executable, "-c", USE], env=environment | home.environment, cwd=ROOT, check=True)
    assert (home.asked, home.ids()) == ([], [])


def test_whoever_imports_a_reporter_silences_it_first():
    loud = []
    for path in [ROOT / "app.py", *SERVING_AND_TRAINING]:
        tree = ast.parse(path.read_text())
        loud += [str(path) for node in tree.body if _imports(node)]
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                lines = [node.lineno for node in ast.walk(function) if _imports(node)]
                silenced = [node.lineno for node in ast.walk(function) if _silences(node)]
                loud += [f"{path}:{line}" for line in lines if line < min(silenced, default=line + 1)]
    assert loud == []


def _imports(node: ast.AST) -> bool:
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
    names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    names += [getattr(node.func, "id", "")] if isinstance(node, ast.Call) else []
    return any(name.split(".")[0] in REPORTERS or name == "import_module" for name in names)


def _silences(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "silence"
