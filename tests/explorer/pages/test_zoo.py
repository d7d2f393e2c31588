"""What the Zoo tab lists."""

from dataclasses import replace

import gradio as gr
import pytest

from explorer.pages.zoo import (
    _FACTS,
    _FORMS,
    _METRICS,
    _WIDTHS,
    _card,
    _elsewhere,
    _graph,
    _row,
    build_page,
    netron_link,
)
from model_zoo.manifest import RELEASE, Released, read_manifest
from model_zoo.zoo import BUNDLED, Zoo

FILES = {"lite0/model.safetensors": "0" * 64, "lite0/model.onnx": "1" * 64}
FACTS = Released(
    "lite0", "efficientnet_lite0", 160, "lite0/model.safetensors", FILES,
    6_754_321, 3_372_289, 196_600_000, metrics={"test": {"auc": 0.91234, "accuracy": 0.8}},
)  # fmt: skip


@pytest.fixture
def served(small_release) -> Zoo:
    return Zoo(small_release, BUNDLED, "abcdef1234567890")


def test_a_row_of_facts():
    name, group, title, size, *numbers, missing = _row(FACTS)
    assert (name, group, title, size, missing) == ("lite0", "EfficientNet-Lite", "EfficientNet-Lite0", 160, None)
    assert numbers == pytest.approx([3.37, 197, 6.75, 0.9123, 0.8], rel=3e-3)


def test_every_number_has_as_many_digits_as_its_neighbours():
    assert [form.format(4.9) for form in (_FORMS["size, MB"], _FORMS["test AUC"], _FORMS["MACs, M"])] == [
        "4.90", "4.9000", "5",
    ]  # fmt: skip
    assert len(_WIDTHS) == len(_FACTS) + len(_METRICS)


def test_what_was_never_measured_or_is_not_known_is_no_number():
    files = {f"later/{path.split('/')[1]}": sha256 for path, sha256 in FILES.items()}
    row = _row(replace(FACTS, name="later", weights="later/model.onnx", files=files, metrics={}))
    assert row[:3] == ["later", "", "unknown to this version of the explorer"]
    assert row[-3:] == [None, None, None]


def test_what_was_measured_elsewhere_has_a_table_of_its_own():
    families = {"swap": {"clips": 26, "auc": 0.732, "auc_interval": [0.45, 0.84]}}
    elsewhere = {"families": families, "false_alarms": {"clips": 50, "called_fake": 4}}
    scope = {"swap": families["swap"] | {"better_than_chance": False}}
    with gr.Blocks() as demo:
        _elsewhere([replace(FACTS, metrics=FACTS.metrics | {"elsewhere": elsewhere}, scope=scope)])
    (table,) = (block for block in demo.blocks.values() if isinstance(block, gr.Dataframe))
    row = dict(zip(table.headers, table.value["data"][0], strict=True))
    assert (row["face swaps"], row["false alarms"]) == ("0.73 (0.45-0.84, 26 clips)", "4 of 50")
    assert (row["reenactments"], row["no better than chance at"]) == ("-", "face swaps")


def test_a_release_that_was_not_measured_elsewhere_shows_no_empty_table():
    with gr.Blocks() as demo:
        _elsewhere([])
    assert not [block for block in demo.blocks.values() if isinstance(block, gr.Dataframe)]


def test_the_page_lists_every_variant_and_says_which_zoo_it_is(served):
    with gr.Blocks() as demo:
        build_page(served)
    blocks = list(demo.blocks.values())
    table = next(block for block in blocks if isinstance(block, gr.Dataframe))
    assert table.headers[:6] == ["variant", "group", "network", "input, px", "parameters, M", "MACs, M"]
    assert table.headers[6:] == ["size, MB", "test AUC", "test accuracy", "test log loss"]
    assert [row[0] for row in table.value["data"]] == ["lite0_kd_p40", "lite0_kd_p40_int8"]
    (choice,) = (block for block in blocks if isinstance(block, gr.Dropdown))
    assert [value for _, value in choice.choices] == ["lite0_kd_p40", "lite0_kd_p40_int8"]
    texts = {block.elem_id: block.value for block in blocks if isinstance(block, gr.Markdown)}
    assert texts["which-zoo"] == "**The bundled zoo, revision abcdef123456.**"
    assert texts["model-card"].lstrip().startswith("# ")


@pytest.mark.parametrize("name", read_manifest().variants)
def test_a_model_card_is_shown_without_its_front_matter(name):
    card = _card(Zoo(RELEASE, BUNDLED, "0" * 64), name)
    assert card.lstrip().startswith("# ")
    assert name in card.lstrip().splitlines()[0]


def test_a_card_that_lies_on_the_hub_is_linked(small_release):
    (small_release / "lite0_kd_p40" / "README.md").unlink()
    assert _card(Zoo(small_release, "user/zoo", "abcdef123456"), "lite0_kd_p40") == (
        "[lite0_kd_p40 at abcdef1](https://huggingface.co/user/zoo/blob/abcdef123456/lite0_kd_p40/README.md)"
    )


def test_a_card_that_is_not_there_or_cannot_be_trusted(served):
    assert _card(served, "../../secrets") == ""
    (served.release / "manifest.json").write_text("<{")
    assert _card(served, "lite0_kd_p40").startswith("manifest.json: malformed")


def test_a_graph_on_the_hub_opens_in_netron_and_a_bundled_one_is_downloaded():
    link = netron_link(Zoo(RELEASE, "user/zoo", "abc"), "lite0")
    file = "https%3A%2F%2Fhuggingface.co%2Fuser%2Fzoo%2Fresolve%2Fabc%2Flite0%2Fmodel.onnx"
    assert f'href="https://netron.app/?url={file}"' in link
    assert _graph(Zoo(RELEASE, "user/zoo", "abc"), "lite0") is None
    assert "drop it there" in netron_link(Zoo(RELEASE, BUNDLED, "abc"), "lite0")
    assert _graph(Zoo(RELEASE, BUNDLED, "abc"), "lite0") == str(RELEASE / "lite0" / "model.onnx")
    assert _graph(Zoo(RELEASE, BUNDLED, "abc"), "../../etc") is None
