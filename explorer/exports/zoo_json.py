"""The zoo and its guests as the JSON that the API promises."""

from typing import Any

from explorer.detectors import guest_named, rows_of
from explorer.exports.guest_json import guest_json
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo

_DECLARED = ("title", "teacher", "alpha", "pruning", "precision")
_RELEASED = (
    "name", "architecture", "input_size", "params", "macs", "bytes", "sha256", "threshold", "metrics", "scope",
)  # fmt: skip


def zoo_json(zoo: Zoo) -> list[dict[str, Any]]:
    """The contract of /variants (docs/api.md): our own, whose `guest` is null, then the guests. Raises ZooError."""
    rows = rows_of(zoo).values()
    ours = [
        {key: getattr(VARIANTS[row.name], key) for key in _DECLARED}
        | {key: getattr(row, key) for key in _RELEASED}
        | {"guest": None}
        for row in rows
        if row.name in VARIANTS
    ]
    guests = [
        dict.fromkeys(_DECLARED) | {key: getattr(row, key) for key in _RELEASED} | guest_json(guest)
        for row in rows
        if (guest := guest_named(zoo, row.name))
    ]
    return ours + guests
