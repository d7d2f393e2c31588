import json

import pytest
from huggingface_hub import ModelCard

from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.variants import BUNDLED_NAMES
from train.errors import BadRun
from train.release.cards import card, int8_table, studies_text, zoo_table
from train.studies.runner import RESULTS
from train.write_cards import README, RESULTS_PAGE, put_between


def test_the_pages_show_what_the_manifest_holds():
    manifest, text = read_manifest(), RESULTS_PAGE.read_text()
    assert zoo_table(manifest) in README.read_text(), "run python train/write_cards.py"
    assert int8_table(manifest) in text, "run python train/write_cards.py"
    assert studies_text(json.loads(RESULTS.read_text())) in text, "run python train/write_cards.py"


@pytest.mark.parametrize("name", BUNDLED_NAMES)
def test_the_cards_show_what_the_manifest_holds(name):
    row = read_manifest()[name]
    text = (RELEASE / name / "README.md").read_text()
    assert text == card(row, json.dumps(row.training, indent=2)), "run python train/write_cards.py"
    data = ModelCard(text).data
    assert data.license_name == "research-use"
    assert {result.metric_type: result.metric_value for result in data.eval_results}["auc"] == round(
        row.metrics["test"]["auc"], 4
    )


def test_marked_parts_are_replaced_once_each():
    text = "a\n<!-- zoo:begin -->\nold\n<!-- zoo:end -->\nb"
    assert put_between(text, "zoo", "new") == "a\n<!-- zoo:begin -->\nnew\n<!-- zoo:end -->\nb"
    assert put_between(put_between(text, "zoo", "x"), "zoo", "new") == put_between(text, "zoo", "new")
    with pytest.raises(BadRun, match="zoo:begin"):
        put_between("nothing", "zoo", "new")
