import gradio as gr
import pytest

from explorer.faces.finders import FINDERS
from explorer.inference.engines import available_engines
from explorer.pages.components.controls import (
    COPY_LINK_JS,
    PRESETS,
    WITH_GUESTS,
    Controls,
    build_controls,
    choices,
    preset_for,
    preset_of,
    restored,
)
from model_zoo.manifest import Released

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


def row(name: str, size: int, **metrics) -> Released:
    return Released(name, "x", 32, f"{name}/model.onnx", {f"{name}/model.onnx": ""}, size, 1, 1, metrics=metrics)


ROWS = {
    "b0": row("b0", 8_300_000, test={"auc": 0.9136}, latency={"median_ms": 6.94}),
    "lite0_kd_p20": row("lite0_kd_p20", 5_000_000),
    "lite0": row("lite0", 7_000_000),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> tuple[Controls, gr.Blocks]:
    """The controls of a zoo of three, with one example."""
    clip = tmp_path_factory.mktemp("examples") / "grey.mp4"
    clip.touch()
    with gr.Blocks() as demo:
        return build_controls(ROWS, {"A grey clip": clip}), demo


def test_what_is_set_when_the_page_opens(page):
    controls, _ = page
    assert {setting.label: setting.value for setting in controls.settings} == {
        "Variants": ["b0", "lite0"],
        "Face finder": "mtcnn-tracked",
        "Frames sampled evenly over the clip": 32,
        "Engine": "auto",
    }
    assert (controls.run.value, controls.stop.value) == ("Analyse", "Stop")
    assert controls.run.interactive and not controls.stop.interactive
    folded = [block for block in page[1].blocks.values() if isinstance(block, gr.Accordion)]
    assert [block.open for block in folded] == [False, False, False]


def test_everything_that_there_is_can_be_chosen(page):
    chosen, finder, frames, engine = page[0].settings
    offered = [[value for _, value in each.choices] for each in (chosen, finder, engine)]
    assert offered == [["b0", "lite0_kd_p20", "lite0"], list(FINDERS), ["auto", *available_engines()]]
    assert (frames.minimum, frames.maximum, frames.step) == (1, 300, 1)


def test_variants_are_named_for_people_with_what_was_measured(page):
    assert [words for words, _ in page[0].settings[0].choices] == [
        "EfficientNet | Large: EfficientNet-B0 (8.3 MB, AUC 0.914, 6.9 ms)",
        "EfficientNet-Lite | Small, taught by B0, 20 % cut (5.0 MB)",
        "EfficientNet-Lite | Small: Lite0 (7.0 MB)",
    ]


@pytest.mark.parametrize(
    ("preset", "names"),
    [
        ("five typical", ["b0", "lite0"]),
        ("all", ["b0", "lite0_kd_p20", "lite0"]),
        ("the smallest", ["lite0_kd_p20"]),
    ],
)
def test_presets_stand_for_variants(preset, names):
    assert preset_of(preset, ROWS) == names
    assert preset in PRESETS
    assert preset_of("five typical", {"other": row("other", 1)}) == ["other"]


def test_a_choice_that_is_a_presets_is_shown_as_that():
    assert [preset_for(preset_of(preset, ROWS)[::-1], ROWS) for preset in PRESETS] == list(PRESETS)
    assert preset_for(["lite0"], ROWS) is None and preset_for([], ROWS) is None


def test_the_examples_are_offered_by_their_titles(page):
    assert "A grey clip" in page[0].box.examples.value


def test_a_link_carries_the_settings_in_their_order():
    assert "['variants', 'finder', 'frames', 'engine', 'method', 'layer'].forEach" in COPY_LINK_JS


def test_guests_are_named_as_such_and_have_a_preset():
    rows = ROWS | {"theirs": row("theirs", 1_000), "scores": row("scores", 0)}
    guests = ["theirs", "scores"]
    assert ("theirs (guest, 0.0 MB)", "theirs") in choices(rows, guests)
    assert ("scores (guest, scores from elsewhere)", "scores") in choices(rows, guests)
    assert preset_of("all", rows, guests) == list(rows)
    assert preset_of("the smallest", rows, guests) == ["lite0_kd_p20"]
    assert preset_of(WITH_GUESTS, rows, guests) == ["b0", "lite0", *guests]
