"""Training crops kept on the device: fresh ones first, filled up with earlier ones where the loader is the slower."""

import threading
from collections.abc import Iterable
from time import perf_counter

import torch

from train.errors import BadRun

SHIFT = 4  # pixels; a crop that is seen again is seen elsewhere
KEPT_FREE = 8  # a share of 1 / KEPT_FREE of the places is never drawn from, since it is being written to
PATIENCE = 300.0  # seconds without a crop from the loader


class Reservoir:
    """A ring of `capacity` crops (S, S, 3) uint8 with their labels, in pairs, on a device.

    One thread puts chunks in, another takes batches. A batch holds what came in since the last one, at most, and for
    the rest earlier pairs drawn at random, flipped and moved anew (data echoing: Choi et al., 2019, section 2). So a
    fast device never idles for the loader, and a slow one sees every crop once: the loader then waits. `reuse` bounds
    how many times as many crops may be taken as were put in.
    """

    def __init__(self, capacity: int, size: int, device: torch.device, reuse: float = 4.0, seed: int = 0):
        self.crops = torch.empty((capacity, size, size, 3), dtype=torch.uint8, device=device)
        self.labels = torch.empty(capacity, device=device)
        self.capacity, self.device, self.reuse = capacity, device, reuse
        self.made = self.fresh_taken = self.taken = 0  # crops put in; of them taken first-hand; taken in all
        self.waited = 0.0  # seconds that batches were waited for
        self.failure: BaseException | None = None
        self.closed = False
        self._changed = threading.Condition()
        self._generator = torch.Generator(device=device).manual_seed(seed)

    def put(self, crops: torch.Tensor, labels: torch.Tensor) -> None:
        """Add a chunk, crops (N, S, S, 3) uint8 and labels (N,), waiting while half of the ring is still unseen."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.made - self.fresh_taken <= self.capacity // 2)
        if self.closed:
            return
        places = torch.arange(self.made, self.made + len(crops), device=self.device) % self.capacity
        self.crops[places] = crops.to(self.device, non_blocking=True)
        self.labels[places] = labels.to(self.device, non_blocking=True)
        if self.device.type == "cuda":
            torch.cuda.current_stream().synchronize()  # the thread's own stream: no batch sees half a chunk
        with self._changed:
            self.made += len(crops)
            self._changed.notify_all()

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Crops (count, S, S, 3) uint8 and labels (count,), whole pairs. Raises what ended the loader, or BadRun."""
        began = perf_counter()
        with self._changed:
            ready = self._changed.wait_for(lambda: self.failure or self._suffices(count), PATIENCE)
            fresh = min(count, self.made - self.fresh_taken)
            first, oldest = self.fresh_taken, max(0, self.made - self.capacity * (KEPT_FREE - 1) // KEPT_FREE)
        self.waited += perf_counter() - began
        if self.failure:
            raise self.failure
        if not ready:
            raise BadRun(f"the loader gave no crops for {PATIENCE:.0f} s; lower --workers, or look at its log")
        seen_once = torch.arange(first, first + fresh, device=self.device)
        pairs = torch.randint(oldest // 2, max(first // 2, oldest // 2 + 1), ((count - fresh) // 2,),
                              generator=self._generator, device=self.device)  # fmt: skip
        again = torch.stack([2 * pairs, 2 * pairs + 1], 1).flatten()
        places = torch.cat([seen_once, again]) % self.capacity
        batch = self._moved(places), self.labels[places]
        with self._changed:  # only now may the loader write where these crops lay
            self.fresh_taken += fresh
            self.taken += count
            self._changed.notify_all()
        return batch

    def close(self) -> None:
        """Let a waiting loader go."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Hand what ended the loader to whoever takes batches."""
        with self._changed:
            self.failure = error
            self._changed.notify_all()

    def _suffices(self, count: int) -> bool:
        return self.made >= count and self.taken + count <= self.reuse * self.made

    def _moved(self, places: torch.Tensor) -> torch.Tensor:
        """The crops at `places`, each flipped or not, and moved by up to SHIFT pixels: (N, S, S, 3)."""
        side = self.crops.shape[1]
        draw = torch.randint(-SHIFT, SHIFT + 1, (2, len(places), 1), generator=self._generator, device=self.device)
        flip = torch.rand((len(places), 1), generator=self._generator, device=self.device) < 0.5
        along = torch.arange(side, device=self.device)[None]
        rows = (along + draw[0]).clamp(0, side - 1)  # (N, S)
        columns = (along + draw[1]).clamp(0, side - 1)
        columns = torch.where(flip, columns.flip(1), columns)
        return self.crops[places[:, None, None], rows[:, :, None], columns[:, None, :]]


def pump(chunks: Iterable[tuple[torch.Tensor, torch.Tensor]], reservoir: Reservoir) -> threading.Thread:
    """A started thread that puts every chunk in until the reservoir is closed."""

    def run() -> None:
        try:
            stream = torch.cuda.Stream(reservoir.device) if reservoir.device.type == "cuda" else None
            with torch.cuda.stream(stream):
                for crops, labels in chunks:
                    if reservoir.closed:
                        return
                    reservoir.put(crops, labels)
        except BaseException as error:
            reservoir.fail(error)

    thread = threading.Thread(target=run, name="crops", daemon=True)
    thread.start()
    return thread
