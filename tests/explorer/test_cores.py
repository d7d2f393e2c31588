"""Cores that the process may use, of those that the machine has."""

import os
from pathlib import Path

import pytest

from explorer.cores import usable_cores


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000", 8),  # no quota
        ("400000 100000", 4),
        ("150000 100000", 1),  # a core and a half
        ("50000 100000", 1),  # less than one is still one
        ("3200000 100000", 8),  # more than there are
        ("nonsense", 8),
    ],
)
def test_the_containers_quota_counts(monkeypatch, quota, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(Path, "read_text", lambda _: quota)
    assert usable_cores() == expected


def test_without_a_quota_the_affinity_counts(monkeypatch):
    def absent(_):
        raise FileNotFoundError

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 3, 5}, raising=False)
    monkeypatch.setattr(Path, "read_text", absent)
    assert usable_cores() == 3


@pytest.mark.parametrize(("named", "expected"), [("2", 2), ("99", 3), ("0", 1), ("many", 3), ("", 3)])
def test_a_process_may_be_told_to_use_fewer(monkeypatch, named, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 3, 5}, raising=False)
    monkeypatch.setattr(Path, "read_text", lambda _: "max 100000")
    monkeypatch.setenv("EXPLORER_CORES", named)
    assert usable_cores() == expected
