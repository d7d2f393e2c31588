"""Everything temporary in one folder, which does not stay."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from explorer.server.sweep import PREFIX, sweep_abandoned

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import json, os, sys, tempfile
from explorer.server import temporary
uploads = temporary.move_in()
(uploads / "clip.mp4").touch()
_, made = tempfile.mkstemp()
print(json.dumps([str(uploads.parent), str(uploads), os.environ["TMPDIR"], made]), flush=True)
sys.stdin.read(1)
"""


def instance(parent: Path, **settings: str) -> tuple[subprocess.Popen, list[Path]]:
    """A process that has moved in, and its folder, its uploads', its temporary files' and one of these."""
    words, pipes = [sys.executable, "-c", SCRIPT], {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = os.environ | {"GRADIO_TEMP_DIR": str(parent)} | settings
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, **pipes)
    return process, [Path(path) for path in json.loads(process.stdout.readline())]


def test_uploads_and_temporary_files_lie_in_a_folder_that_goes_with_the_process(tmp_path):
    process, (folder, uploads, temporary, made) = instance(tmp_path / "new")
    assert folder.parent == tmp_path / "new"
    assert (uploads, temporary) == (folder / "uploads", folder / "temporary")
    assert made.parent == temporary
    assert {path.stat().st_mode & 0o777 for path in (folder, uploads, temporary)} == {0o700}
    assert process.communicate("x", timeout=20) == ("", "")
    assert not list((tmp_path / "new").iterdir())


def test_what_a_killed_one_left_is_swept_by_the_next_and_a_living_one_keeps_its_own(tmp_path):
    killed, (left, *_) = instance(tmp_path)
    living, (kept, *_) = instance(tmp_path)
    assert left.exists()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert left.exists()
    next_one, (folder, *_) = instance(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {kept.name, folder.name}
    for process in (living, next_one):
        process.communicate("x", timeout=20)
    assert not list(tmp_path.iterdir())


def test_one_that_has_not_locked_its_folder_yet_has_a_minute_for_it(tmp_path):
    young, old, other = (tmp_path / name for name in (f"{PREFIX}young", f"{PREFIX}old", "deepfake"))
    for folder in (young, old, other):
        folder.mkdir()
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    (tmp_path / f"{PREFIX}link").symlink_to(other)
    assert sweep_abandoned(tmp_path) == 1
    assert young.exists() and other.exists() and not old.exists()


@pytest.mark.parametrize("name", ["file/below", "open"])
def test_where_the_folder_is_of_no_use_they_lie_elsewhere_and_it_is_said(tmp_path, name):
    (tmp_path / "file").touch()
    for folder in ("system", "open"):
        (tmp_path / folder).mkdir()
    (tmp_path / "open").chmod(0o777)
    parent, why = tmp_path / name, {"open": "others may write to it"}.get(name, "Not a directory")
    process, (folder, *_) = instance(parent, TMPDIR=str(tmp_path / "system"))
    assert folder.parent == tmp_path / "system"
    _, said = process.communicate("x", timeout=20)
    assert said.endswith(f"{parent} cannot be written to ({why}); set GRADIO_TEMP_DIR\n")
    assert not list((tmp_path / "system").iterdir())


def test_here_nothing_was_moved():
    assert PREFIX not in tempfile.gettempdir()
