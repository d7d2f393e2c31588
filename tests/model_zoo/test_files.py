"""Files told apart by their sha256, and written whole or not at all."""

import os
from threading import Thread

import pytest

from model_zoo.errors import BadWeights
from model_zoo.files import SUMS, check_sha256, is_whole, locked, private, sha256_of, write_atomically, write_sums

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, example 1


@pytest.fixture
def file(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"abc")
    return tmp_path / "model.onnx"


def test_the_sha256_of_a_file(file):
    assert sha256_of(file) == OF_ABC


def test_the_right_file_passes_and_so_does_any_where_none_is_named(file):
    check_sha256(file, OF_ABC)
    check_sha256(file, None)


def test_another_file_is_named_with_both_sums(file):
    with pytest.raises(BadWeights, match=r"model\.onnx: sha256 is ba7816bf8f01\.\.\., the manifest says 000000000000"):
        check_sha256(file, "0" * 64)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadWeights, match=r"gone\.onnx: cannot be read \(No such file or directory\)"):
        check_sha256(tmp_path / "gone.onnx", None)


def test_a_file_takes_the_place_of_the_old_one_in_one_step(file):
    with write_atomically(file) as partial:
        partial.write_bytes(b"new")
        assert file.read_bytes() == b"abc"
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_was_not_finished_leaves_the_old_one(file):
    with pytest.raises(OSError, match="disk full"), write_atomically(file) as partial:
        partial.write_bytes(b"ne")
        raise OSError("disk full")
    assert file.read_bytes() == b"abc"
    assert list(file.parent.iterdir()) == [file]


def test_two_writers_of_one_file_do_not_meet(file):
    with write_atomically(file) as first:
        with write_atomically(file) as second:
            first.write_bytes(b"first")
            second.write_bytes(b"second")
        assert file.read_bytes() == b"second"
    assert file.read_bytes() == b"first"


def test_files_that_were_made_here_are_known_again(file):
    assert not is_whole(file.parent, [file.name])  # nothing is noted
    write_sums(file.parent, [file.name])
    assert is_whole(file.parent, [file.name])
    assert not is_whole(file.parent, [file.name, "another"])
    file.write_bytes(b"abd")
    assert not is_whole(file.parent, [file.name])
    (file.parent / SUMS).write_text("[]")
    assert not is_whole(file.parent, [file.name])


def test_one_at_a_time_holds_a_lock(tmp_path):
    seen = []

    def second():
        with locked(tmp_path):
            seen.append("second")

    with locked(tmp_path):
        waiting = Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        seen.append("first")
    waiting.join()
    assert seen == ["first", "second"]


def test_nobody_waits_for_ever_for_a_lock(tmp_path):
    with locked(tmp_path), locked(tmp_path, seconds=0.1):
        pass


def test_a_lock_goes_with_the_process_that_holds_it(tmp_path):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with locked(tmp_path):
            os.write(writer, b"held")
            os._exit(0)
    os.read(reader, 4)
    os.waitpid(child, 0)
    with locked(tmp_path, seconds=1000):
        pass


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
