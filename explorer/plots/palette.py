"""One look per variant everywhere: a colour for its kind of network, a dash and a mark for itself.

The colours stand at 3:1 or more on white and on the dark theme, are none of a verdict's, and stay apart under
protanopia, deuteranopia and tritanopia: tests/explorer/plots/test_palette.py computes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model_zoo.variants import VARIANTS

GROUP_COLOURS = ("#6464DC", "#B45082", "#28A0BE", "#78A000", "#AA8C82", "#6E783C")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down")
_STRANGERS_MARKS = ("triangle-down", "triangle-up", "diamond")  # none is a variant's of that dash
GROUP_MARKS = ("circle", "square", "triangle-up", "pentagon", "hexagram", "cross")  # of a chart of all variants
# Clusters and persons, of which there may be many: Okabe & Ito, 2008, then Tol's muted set.
_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
_TOL_MUTED = ("#332288", "#882255", "#44AA99", "#AA4499")
_GROUPS = list(dict.fromkeys(variant.group for variant in VARIANTS.values()))


@dataclass(frozen=True)
class Look:
    """How a variant is drawn: "#rrggbb", Plotly's names of a dash and of a mark."""

    colour: str
    dash: str
    mark: str


def looks(names: Iterable[str]) -> dict[str, Look]:
    """The look of each name: a variant keeps its own whatever else is shown, other names (guests) take theirs in order,
    from the other end, so that none is taken for a variant's."""
    names = [str(name) for name in names]
    strangers = [name for name in names if name not in VARIANTS]
    return {name: _look(name) if name in VARIANTS else _strangers(strangers.index(name)) for name in names}


def colours(names: Iterable[str]) -> dict[str, str]:
    """The colour of each name, "#rrggbb"."""
    return {name: look.colour for name, look in looks(names).items()}


def group_mark(name: str) -> str:
    """Plotly's name of the mark of a variant's group; a name of no variant has the last."""
    return GROUP_MARKS[_GROUPS.index(VARIANTS[name].group) % len(GROUP_MARKS) if name in VARIANTS else -1]


def completed(known: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The known colours, and one for each of the names that is not among them."""
    return dict(known) | colours(name for name in names if name not in known)


def category_colours(count: int) -> list[str]:
    """As many colours, "#rrggbb", for what has no name; the thirteenth is the first again."""
    shades = _OKABE_ITO + _TOL_MUTED
    return [shades[i % len(shades)] for i in range(count)]


def _look(name: str) -> Look:
    group = VARIANTS[name].group
    members = [each.name for each in VARIANTS.values() if each.group == group]
    return _at(_GROUPS.index(group), members.index(name))


def _strangers(place: int) -> Look:
    turn, place = divmod(place, len(GROUP_COLOURS))
    return Look(GROUP_COLOURS[-1 - place], DASHES[-1], _STRANGERS_MARKS[turn % len(_STRANGERS_MARKS)])


def _at(group: int, member: int) -> Look:
    """The look of a group's n-th member; 42 members have one each."""
    colour = GROUP_COLOURS[group % len(GROUP_COLOURS)]
    return Look(colour, DASHES[member % len(DASHES)], MARKS[member % len(MARKS)])
