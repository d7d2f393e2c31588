"""constants.json is what the Python modules say."""

import json

from explorer.device.constants import FILE, as_json, constants
from explorer.faces.boxes import CENTRE_DOWN


def test_the_page_has_the_constants_of_the_modules():
    assert FILE.read_text(encoding="ascii") == as_json(), "run python -m explorer.device.constants"


def test_they_are_named_as_there():
    assert constants()["boxes"]["CENTRE_DOWN"] == CENTRE_DOWN
    assert json.loads(as_json())["second_look"]["VIEWS"][1] == [False, -0.15, 0.0]
