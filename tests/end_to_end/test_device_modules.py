"""The modules of the page on the visitor's device give what the Python functions give, in Node.js."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.device_arrays import write_arrays

TESTS = Path(__file__).parents[1] / "explorer" / "device" / "page"


@pytest.mark.heavy
def test_they_give_what_the_python_functions_give(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    arrays = tmp_path / "arrays.json"
    write_arrays(arrays)
    command = [node, "--no-warnings", "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))]
    done = subprocess.run(
        command, env=os.environ | {"ARRAYS": str(arrays)}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout
