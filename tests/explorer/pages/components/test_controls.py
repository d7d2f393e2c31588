import gradio as gr
import pytest

from explorer.faces.finders import FINDERS
from explorer.heatmaps.overlay import LAYERS, METHODS
from explorer.inference.engines import available_engines
from explorer.pages.components.controls import COPY_LINK_JS, Controls, build_controls, restored

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


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> tuple[Controls, gr.Blocks]:
    """The controls of a zoo of three, with one example."""
    clip = tmp_path_factory.mktemp("examples") / "grey.mp4"
    clip.touch()
    with gr.Blocks() as demo:
        return build_controls(["b0", "lite0_kd_p20", "lite0"], {"A grey clip": clip}), demo


def test_what_is_set_when_the_page_opens(page):
    controls, _ = page
    assert {setting.label: setting.value for setting in controls.settings} == {
        "Variants": ["b0", "lite0"],
        "Face finder": "mtcnn-tracked",
        "Frames sampled evenly over the clip": 32,
        "Engine": "auto",
        "Heatmap method": "evidence",
        "Layer, for the methods of pytorch-grad-cam": "pooled",
    }
    assert (controls.run.value, controls.stop.value) == ("Analyse", "Stop")


def test_everything_that_there_is_can_be_chosen(page):
    chosen, finder, frames, engine, method, layer = page[0].settings
    offered = [[value for _, value in each.choices] for each in (chosen, finder, engine, method, layer)]
    assert offered == [
        ["b0", "lite0_kd_p20", "lite0"],
        list(FINDERS),
        ["auto", *available_engines()],
        ["evidence", *METHODS],
        list(LAYERS),
    ]
    assert (frames.minimum, frames.maximum, frames.step) == (1, 300, 1)


def test_the_examples_are_offered_by_their_titles(page):
    (dataset,) = (block for block in page[1].blocks.values() if isinstance(block, gr.Dataset))
    assert dataset.sample_labels == ["A grey clip"]


def test_a_link_carries_the_settings_in_their_order():
    assert "['variants', 'finder', 'frames', 'engine', 'method', 'layer'].forEach" in COPY_LINK_JS
