"""Which of a guest's outputs speak for fake, read from what its own config calls them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from model_zoo.errors import BadGuest
from model_zoo.guest import Labels

FAKE_WORDS = frozenset(
    {"fake", "fakes", "deepfake", "deepfakes", "ai", "artificial", "synthetic", "generated", "manipulated", "forged"}
)
REAL_WORDS = frozenset({"real", "realism", "human", "authentic", "original"})
_NEGATIONS = frozenset({"not", "non", "no"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # of "AIGenerated", "ai-generated" or "AI_GENERATED"


def labels_of(
    config: Mapping[str, Any], fake: Sequence[str] = (), real: Sequence[str] = (), outputs: int | None = None
) -> Labels:
    """What the outputs stand for, by `id2label` (Transformers) or `label_names` (timm).

    `fake` and `real` name labels as the owner reads them; where both are empty, the labels' own words tell. `outputs`
    is how many the network has, where that is known. Raises BadGuest, naming the labels, where it cannot be told.
    """
    names = _names(config)
    if not names:
        raise BadGuest("its config names no labels (id2label); no output can be told for fake or real")
    if outputs is not None and outputs != len(names) and not (outputs == 1 and len(names) == 2):
        raise BadGuest(f"it has {outputs} outputs and {len(names)} labels: {_listed(names)}")
    sides = [_side(name, fake, real) for name in names]
    fakes, reals = (tuple(i for i, side in enumerate(sides) if side == word) for word in ("fake", "real"))
    if unknown := [name for name, side in zip(names, sides, strict=True) if not side]:
        advice = "name them in guests.toml with fake = [...] and real = [...]"
        raise BadGuest(f"its labels are {_listed(names)}: {_listed(unknown)} cannot be told for fake or real; {advice}")
    if len(names) > 1 and not (fakes and reals):
        raise BadGuest(f"its labels are {_listed(names)}: they need a fake one and a real one")
    if outputs == 1 or (outputs is None and len(names) == 1):
        return _single(names, fakes)
    return Labels(names, fakes, reals, config.get("problem_type") == "multi_label_classification")


def _single(names: tuple[str, ...], fakes: tuple[int, ...]) -> Labels:
    """Of one output: its sigmoid is the probability of the last label, the one that is numbered 1 of two."""
    last = names[-1]
    is_fake = len(names) - 1 in fakes
    return Labels((last,), (0,) if is_fake else (), () if is_fake else (0,), True)


def _names(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels in the order of the outputs. Raises BadGuest where their numbers leave gaps."""
    given = config.get("id2label")
    if isinstance(given, Mapping):
        try:
            numbered = {int(number): str(name) for number, name in given.items()}
        except ValueError as error:
            raise BadGuest(f"its id2label is not numbered: {', '.join(map(str, given))}") from error
        if sorted(numbered) != list(range(len(numbered))):
            raise BadGuest(f"its id2label is numbered {', '.join(map(str, sorted(numbered)))}, with gaps")
        return tuple(numbered[i] for i in range(len(numbered)))
    names = config.get("label_names") or config.get("pretrained_cfg", {}).get("label_names") or ()
    return tuple(map(str, names))


def _side(name: str, fake: Sequence[str], real: Sequence[str]) -> str:
    """What a label speaks for; empty where that cannot be told."""
    if fake or real:
        return "fake" if name in fake else "real" if name in real else ""
    words = {word.casefold() for word in _WORD.findall(name)}
    is_fake, is_real = bool(words & FAKE_WORDS), bool(words & REAL_WORDS)
    if is_fake == is_real or words & _NEGATIONS:
        return ""
    return "fake" if is_fake else "real"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name[:40]) for name in names[:12])
