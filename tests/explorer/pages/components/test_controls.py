import gradio as gr
import pytest

from explorer.pages.components.controls import restored

NAMES = ["b0", "lite0"]
UNSET = gr.skip()


def test_a_link_restores_what_it_carries():
    chosen = {"finder": "haar", "frames": 12, "engine": "torch", "method": "gradcam", "layer": "blocks.4"}
    given = {name: str(value) for name, value in chosen.items()} | {"variants": "lite0,b0"}
    assert restored(NAMES, given) == [["lite0", "b0"], *chosen.values()]


@pytest.mark.parametrize("frames", ["0", "301", "x", "-3", "1e2", "\u0663", ""])
def test_nonsense_changes_nothing(frames):
    given = {"variants": "<b>", "finder": "../x", "frames": frames, "engine": "", "unknown": "1"}
    assert restored(NAMES, given) == [UNSET] * 6
