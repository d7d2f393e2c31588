"""What the server and its children take of the machine."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

BLOCK = 10  # values of which the lowest counts: an allocator keeps some megabytes for a while, a leak keeps them all

OF_A_DECODER = 3  # descriptors that the server holds of one: its socket, its frames, its lifeline


@dataclass(frozen=True)
class Usage:
    """At one moment; memory is the resident one, `oldest_s` is the age of the oldest upload; `descriptors` are the
    server's own, without those of the decoders that happen to live."""

    megabytes: float
    children_megabytes: float
    threads: int
    descriptors: int
    uploads: int
    upload_folders: int
    upload_megabytes: float
    oldest_s: float
    temporary: int


def usage(pid: int, uploads: Path, temporary: Path, started_s: float) -> Usage:
    """Of the process `pid`; of what came into the uploads since `started_s` (the examples came before); and of the
    folder for temporary files."""
    server = psutil.Process(pid)
    files, folders = _since(uploads, started_s)
    return Usage(
        megabytes=server.memory_info().rss / 1e6,
        children_megabytes=sum(_of_children(server, lambda child: child.memory_info().rss)) / 1e6,
        threads=server.num_threads(),
        descriptors=server.num_fds() - OF_A_DECODER * len(server.children()),
        uploads=len(files),
        upload_folders=len(folders),
        upload_megabytes=sum(stat.st_size for stat in files) / 1e6,
        oldest_s=max((time.time() - stat.st_ctime for stat in files), default=0.0),
        temporary=sum(1 for _ in temporary.rglob("*")),
    )


def _since(folder: Path, started_s: float) -> tuple[list[os.stat_result], list[Path]]:
    """Of each file below that is younger, and the folders that hold nothing else."""
    files, folders = [], []
    for parent, subfolders, names in os.walk(folder, topdown=False):  # passes over what is swept meanwhile
        stats = []
        for name in names:
            with suppress(FileNotFoundError):
                stats.append(Path(parent, name).stat())
        young = [stat for stat in stats if stat.st_ctime >= started_s]
        files += young
        if len(young) == len(stats) and not subfolders and parent != str(folder):
            folders.append(Path(parent))
    return files, folders


def _of_children(server: psutil.Process, ask: Callable[[psutil.Process], Any]) -> list[Any]:
    """What each living child answers."""
    answers = []
    for child in server.children(recursive=True):
        try:
            answers.append(ask(child))
        except psutil.NoSuchProcess:
            continue
    return answers


def growth(values: list[float]) -> float:
    """How much a straight line through the lowest value of each block rises from the first block to the last."""
    lowest = [min(values[start : start + BLOCK]) for start in range(0, len(values), BLOCK)]
    return float(np.polyfit(np.arange(len(lowest)), lowest, 1)[0]) * (len(lowest) - 1)
