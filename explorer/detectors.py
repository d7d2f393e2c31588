"""Every detector that is served: the variants of the zoo, and the guests beside them."""

from collections.abc import Iterable
from functools import partial
from typing import NoReturn

from explorer.guests.opening import open_guest
from explorer.inference.runners import open_runner
from explorer.structures import OpenRunner
from model_zoo.errors import BadGuest
from model_zoo.guest import Guest, Refused, View
from model_zoo.guests.measured import row_of
from model_zoo.manifest import Released, read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo


def rows_of(zoo: Zoo) -> dict[str, Released]:
    """What is known of each detector, by name: variants as the manifest has them, then guests. Raises BadManifest."""
    return read_manifest(zoo.release).variants | {guest.name: row_of(guest) for guest in zoo.guests}


def openers(zoo: Zoo, names: Iterable[str], engine: str = "auto") -> dict[str, OpenRunner]:
    """What opens each of these detectors, by name; one that there is not says so once it is opened."""
    return {name: _opener(zoo, name, engine) for name in names}


def views_of(zoo: Zoo, names: Iterable[str]) -> list[View]:
    """How the guests and variants among these want faces cut, each way once; most variants take the tight crop."""
    wanted = set(names)
    guests = [guest.view for guest in zoo.guests if guest.name in wanted]
    ours = [VARIANTS[name].view for name in wanted & VARIANTS.keys()]
    return list(dict.fromkeys(view for view in (*guests, *ours) if view))


def guest_named(zoo: Zoo, name: str) -> Guest | None:
    """The guest of that name; None for a variant of the zoo."""
    return next((guest for guest in zoo.guests if guest.name == name), None)


def _opener(zoo: Zoo, name: str, engine: str) -> OpenRunner:
    if guest := guest_named(zoo, name):
        return partial(open_guest, guest, engine)
    for refused in zoo.refused:
        if refused.name == name:
            return partial(_refuse, refused)
    return partial(open_runner, name, engine, zoo.release)


def _refuse(refused: Refused) -> NoReturn:
    raise BadGuest(refused.why)
