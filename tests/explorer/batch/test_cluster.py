"""Work on a cluster, where actors, clips, disks and drivers fail; without Ray these tests say so."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from explorer.batch.cluster import LOST, NEEDED, Cluster
from explorer.errors import InvalidRequest

ROOT = Path(__file__).resolve().parents[3]
VARIANTS = ("--variants", "lite0_kd_p35_int8", "--frames", "4")


def ray_needed(test):
    """Slow, and left out where Ray is not installed."""
    why = "Ray is not installed: pip install -r requirements-cluster.txt"
    return pytest.mark.slow(pytest.mark.skipif(find_spec("ray") is None, reason=why)(test))


def once_fatal(item: int) -> dict:
    """Ends its actor at 3, the first time."""
    mark = Path(os.environ["CLUSTER_MARK"])
    if item == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"item": item, "none": None}


def always_fatal(item: int) -> dict:
    """Ends every actor at 3, after the time in which the next item could have been handed over."""
    time.sleep(0.4)
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"item": item}


def fills_the_disk(item: int) -> dict:
    """Has no room at 3."""
    if item == 3:
        raise OSError(28, "No space left on device")
    return {"item": item}


def lost(item: int, sentence: str) -> dict:
    return {"item": -item, "why": sentence}


@pytest.mark.skipif(find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray_it_is_one_sentence():
    with pytest.raises(InvalidRequest, match=r"pip install -r requirements-cluster\.txt"):
        list(Cluster().spread([1], once_fatal, lost))
    assert "--cluster" in NEEDED


@ray_needed
def test_an_actor_that_is_killed_costs_no_item(tmp_path, monkeypatch):
    monkeypatch.setenv("CLUSTER_MARK", str(tmp_path / "mark"))
    made = [made for _, made in Cluster().spread(list(range(6)), once_fatal, lost)]
    assert (tmp_path / "mark").exists()
    assert sorted(each["item"] for each in made) == [0, 1, 2, 3, 4, 5]
    assert made[0]["none"] is None


@ray_needed
def test_an_item_that_kills_every_actor_is_lost_alone():
    made = [made for _, made in Cluster().spread(list(range(6)), always_fatal, lost)]
    assert sorted(each["item"] for each in made) == [-3, 0, 1, 2, 4, 5]
    assert made[-1] == {"item": -3, "why": LOST}


@ray_needed
def test_a_full_disk_ends_it_with_what_is_done(tmp_path):
    done = []
    with pytest.raises(OSError, match="No space left"):
        done += (item for item, _ in Cluster().spread(list(range(6)), fills_the_disk, lost))
    assert set(done) <= {0, 1, 2, 4, 5}


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_no_cluster_at_an_address_is_one_sentence():
    with pytest.raises(InvalidRequest, match=r"no cluster answers at 127\.0\.0\.1:1"):
        list(Cluster(address="127.0.0.1:1").spread([1], once_fatal, lost))


def command(out: Path, clips: list[Path], *words: str) -> list[str]:
    return [sys.executable, "-m", "explorer", *map(str, clips), "--out", str(out), *VARIANTS, *words]


@ray_needed
def test_the_same_numbers_and_a_killed_driver_goes_on(examples, tmp_path):
    """Two clips and one that is none: killed once a row is on the disk, started again, compared with no cluster."""
    (tmp_path / "broken.mp4").write_bytes(b"no clip")
    clips = [*list(examples.values())[:2], tmp_path / "broken.mp4"]
    out, journal = tmp_path / "ray.parquet", tmp_path / "ray.parquet.rows.jsonl"
    driver = subprocess.Popen(command(out, clips, "--cluster"), cwd=ROOT, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 300
    while not (journal.exists() and journal.read_bytes().count(b"\n") > 1) and time.monotonic() < end:
        time.sleep(0.05)
    driver.kill()
    driver.wait()
    assert not out.exists()
    kept = [json.loads(line)["name"] for line in journal.read_bytes().splitlines()[1:] if line.endswith(b"}")]
    assert kept
    again = subprocess.run(command(out, clips, "--cluster"), cwd=ROOT, capture_output=True, timeout=400)
    assert again.returncode == 3, again.stderr
    alone = subprocess.run(command(tmp_path / "alone.parquet", clips), cwd=ROOT, capture_output=True, timeout=400)
    assert alone.returncode == 3, alone.stderr
    rows, expected = (
        {row["name"]: row for row in parquet.read_table(path).to_pylist()} for path in (out, tmp_path / "alone.parquet")
    )
    assert len(parquet.read_table(out)) == 3
    for name, row in expected.items():
        assert rows[name]["verdict"] == row["verdict"]
        p_fake = row["p_fake_lite0_kd_p35_int8"]
        assert rows[name]["p_fake_lite0_kd_p35_int8"] == (None if p_fake is None else pytest.approx(p_fake, abs=1e-5))
