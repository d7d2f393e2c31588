"""Whose folders are trusted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.paths import private

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def cache_with(**environment: str) -> Path:
    """What the cache is in these circumstances."""
    words = [sys.executable, "-c", "from explorer.paths import CACHE; print(CACHE)"]
    done = subprocess.run(words, cwd=ROOT, env={"PATH": "/bin"} | environment, capture_output=True, text=True)
    return Path(done.stdout.strip())


def test_the_cache_is_the_users_own(tmp_path):
    assert cache_with(HOME=str(tmp_path)) == tmp_path / ".cache" / "deepfake-explorer"
    assert cache_with(HOME=str(tmp_path), XDG_CACHE_HOME="/else") == Path("/else/deepfake-explorer")
    assert cache_with(HOME=str(tmp_path), EXPLORER_CACHE="/mine") == Path("/mine")


def test_a_folder_is_made_for_this_user_alone(tmp_path):
    before = os.umask(0o002)  # as where each user has a group
    try:
        folder = private(tmp_path / "new" / "cache")
    finally:
        os.umask(before)
    assert [each.stat().st_mode & 0o777 for each in (folder, folder.parent)] == [0o700, 0o700]
    assert private(folder) == folder


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_one_that_others_may_write_to_is_refused(tmp_path, mode):
    tmp_path.chmod(mode)
    with pytest.raises(PermissionError, match="others may write to it"):
        private(tmp_path)


@as_root
def test_one_of_another_user_is_refused_and_so_is_a_link_of_his(tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for folder in (theirs, ours):
        folder.mkdir(0o755)
    os.chown(theirs, 12345, 12345)
    link, own_link = tmp_path / "link", tmp_path / "own_link"
    for each in (link, own_link):
        each.symlink_to(ours)
    os.chown(link, 12345, 12345, follow_symlinks=False)
    for folder in (theirs, link):
        with pytest.raises(PermissionError, match="it belongs to another user"):
            private(folder)
    assert private(own_link) == own_link


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        private(tmp_path / "file")
