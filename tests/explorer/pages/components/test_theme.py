"""The look of every page."""

import re

from explorer.pages.components.theme import CSS


def test_no_selector_has_a_comma_in_parentheses():
    """Gradio splits selectors at every comma: what such a rule hid while empty stayed hidden when it was filled."""
    assert not re.search(r":(is|not|has|where)\([^)]*,", CSS)
