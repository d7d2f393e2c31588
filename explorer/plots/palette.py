"""One colour per variant everywhere, tellable apart by colour-blind eyes: Okabe & Ito, 2008, then Tol's muted set."""

from collections.abc import Iterable

_OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
_TOL_MUTED = ("#332288", "#882255", "#44AA99", "#AA4499")
_COLOURS = _OKABE_ITO + _TOL_MUTED


def colours(names: Iterable[str]) -> dict[str, str]:
    """Variant names, in the order of the zoo, to "#rrggbb"."""
    return {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}
