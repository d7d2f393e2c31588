"""Bytes that values take."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from explorer.server.sizes import size_of

MB = 1_000_000
SMALL = 2_000  # what the objects around it take


@dataclass(frozen=True)
class Held:
    value: Any


class Model(BaseModel):
    value: Any


def test_what_is_held_counts_however_it_is_held():
    text = "x" * MB
    for value in (text, [text], {"a": (text,)}, {text: 1}, Held(text), Model(value=text), Held([Model(value={text})])):
        assert MB <= size_of(value) < MB + SMALL


def test_arrays_count_their_pixels_and_views_what_they_keep_alive():
    pixels = np.zeros(MB, np.uint8)
    assert MB <= size_of(pixels) < MB + SMALL
    assert MB <= size_of(pixels[:10]) < MB + SMALL
    assert MB <= size_of(pixels[:10].reshape(2, 5)) < MB + SMALL


def test_each_thing_counts_once():
    text = "x" * MB
    assert size_of(text, [text] * 1000, Held(text)) < MB + 10 * SMALL
    circle: list = [text]
    circle.append(circle)
    assert size_of(circle) < MB + SMALL


def test_classes_functions_and_the_like_are_not_followed():
    assert size_of(Held, size_of, Model) < 10 * SMALL
