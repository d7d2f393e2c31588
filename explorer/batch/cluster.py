"""Work spread over a cluster by Ray Data: an item a block, a pool of actors, each item once whatever dies."""

import json
import logging
import os
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from explorer.cores import CORES, usable_cores
from explorer.errors import ExplorerError, InvalidRequest

Item = TypeVar("Item")
NEEDED = "Ray is not installed here; pip install -r requirements-cluster.txt, or leave --cluster out"
LOST = "every process that was to judge it ended in the middle; look at the clip itself, or at the machines' memory"
AGAIN = "the rows so far are kept, run it again to go on"
PATIENCE_S = 900.0  # without any row, in which a cluster may still find a place for an actor; Ray's own is twice that
KNOCK_S = 5.0  # in which a cluster's head has to take a connection
RETRIES = 2  # of an item whose actor died, on another one; and of an actor that died before its first
AT_A_TIME = 1  # items that an actor holds: with it, all that it holds lose a try
AT_ONCE = 500  # items of one run of Ray Data: each is a block, and an actor is told all of them at its start
STORE_BYTES = 100_000_000  # of the object store here: rows are small, frames never pass it
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cluster:
    """Where work is done: by so many `actors`, each with so many `cores` (None: all of this machine's, shared out).

    `address` is that of a running cluster; without one Ray is started on this machine. Machines have this folder, and
    what it is to read and write, at the same path.
    """

    actors: int = 1
    cores: int | None = None
    address: str | None = None

    def spread(
        self, items: Sequence[Item], work: Callable[[Item], Any], lost: Callable[[Item, str], Any]
    ) -> Iterator[tuple[Item, Any]]:
        """Each item with what `work` made of it, which JSON must know, in the order in which they are done.

        An item during which all actors die that it is given to comes with `lost(item, sentence)`. Raises InvalidRequest
        where Ray is missing or does not answer, ExplorerError where it gives up, OSError where `work` did.
        """
        ray = self._started()
        try:
            for start in range(0, len(items), AT_ONCE):
                yield from self._run(ray, items[start : start + AT_ONCE], work, lost)
        except (ray.exceptions.RayActorError, ray.data.exceptions.ExecutionTimeoutError) as error:
            raise ExplorerError(f"the cluster gave up ({str(error).splitlines()[0]}); {AGAIN}") from error
        finally:
            ray.shutdown()

    def _started(self) -> Any:
        try:
            import ray
            import ray.data.exceptions
        except ImportError as error:
            raise InvalidRequest(NEEDED) from error
        _knock(self.address)
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to its makers
        os.environ.setdefault("RAY_worker_niceness", "0")  # of 15, its own, a decoder misses its time on a busy machine
        settings: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        if self.address is None:
            settings |= {"num_cpus": usable_cores(), "include_dashboard": False, "object_store_memory": STORE_BYTES}
        try:
            ray.init(self.address or "local", **settings)
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            first = str(error).splitlines()[0]
            raise InvalidRequest(f"no cluster answers at {self.address or 'this machine'} ({first})") from error
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what is lost has its sentence, no traceback
        warnings.filterwarnings("ignore", "`ray_remote_args`")  # max_task_retries has no other way in
        context.execution_no_progress_timeout_s = PATIENCE_S
        context.max_consecutive_actor_init_deaths = RETRIES
        context.max_errored_blocks = -1  # what fails is told as lost, item by item
        return ray

    def _run(
        self, ray: Any, items: Sequence[Item], work: Callable[[Item], Any], lost: Callable[[Item, str], Any]
    ) -> Iterator[tuple[Item, Any]]:
        cores = self.cores or max(usable_cores() // self.actors, 1)
        environment = {"PYTHONPATH": str(ROOT), CORES: str(cores), "OMP_NUM_THREADS": str(cores)}
        rows = ray.data.from_items([{"place": place} for place in range(len(items))], override_num_blocks=len(items))
        done = rows.map(
            _Actor,
            fn_constructor_args=(work, list(items)),
            compute=ray.data.ActorPoolStrategy(size=self.actors, max_tasks_in_flight_per_actor=AT_A_TIME),
            num_cpus=cores,
            max_task_retries=RETRIES,
            runtime_env={"env_vars": environment},
        )
        left = set(range(len(items)))
        for row in done.iter_rows():
            result = json.loads(row["result"])
            if "errno" in result:
                raise OSError(result["errno"], result["strerror"])
            left.remove(row["place"])
            yield items[row["place"]], result["made"]
        yield from ((items[place], lost(items[place], LOST)) for place in sorted(left))


def _knock(address: str | None) -> None:
    """Raise InvalidRequest where nobody listens at a cluster's address, for which Ray itself would wait for minutes."""
    host, _, port = (address or "").rpartition("://")[2].rpartition(":")
    if not host:
        return  # on this machine, or the one that Ray knows of
    try:
        socket.create_connection((host, int(port)), timeout=KNOCK_S).close()
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"no cluster answers at {address} ({error})") from error


class _Actor:
    """Does the work, an item at a time, and is kept for the next one."""

    def __init__(self, work: Callable[[Any], Any], items: Sequence[Any]):
        self.work, self.items = work, items

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        try:
            result = {"made": self.work(self.items[row["place"]])}
        except OSError as error:
            result = {"errno": error.errno, "strerror": error.strerror or type(error).__name__}
        return {"place": row["place"], "result": json.dumps(result, default=str)}
