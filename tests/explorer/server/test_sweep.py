"""What is old is deleted, what is young or kept stays."""

import os
import time

from explorer import limits
from explorer.server.sweep import LEFT_EVERY_S, LEFT_OLD_S, sweep


def test_old_files_go_and_kept_ones_stay(tmp_path):
    for name in ("upload/clip.mp4", "upload/other.mp4", "example/kept.mp4", "broken-off"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    keep = {str(tmp_path / "example/kept.mp4")}
    assert sweep(tmp_path, 100, keep, now=time.time() + 99) == 0
    assert sweep(tmp_path, 100, keep, now=time.time() + 101) == 3
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "example",
        "example/kept.mp4",
    ]


def test_a_link_is_deleted_and_not_what_it_leads_to(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/precious").touch()
    (tmp_path / "uploads").mkdir()
    os.symlink(tmp_path / "elsewhere", tmp_path / "uploads/link")
    assert sweep(tmp_path / "uploads", 100, (), now=time.time() + 101) == 1
    assert (tmp_path / "elsewhere/precious").exists()
    assert not list((tmp_path / "uploads").iterdir())


def test_a_folder_that_is_not_there_is_no_problem(tmp_path):
    assert sweep(tmp_path / "nowhere", 0, ()) == 0


def test_everything_is_gone_within_the_two_hours_that_are_promised():
    assert limits.KEPT_SECONDS + limits.SWEEP_SECONDS <= 7200
    assert limits.KEPT_SECONDS < LEFT_OLD_S < LEFT_OLD_S + LEFT_EVERY_S <= 7200
