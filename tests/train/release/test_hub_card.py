import pytest
from huggingface_hub import EvalResultEntry, ModelCard
from huggingface_hub._eval_results import parse_eval_result_entries

from model_zoo.manifest import RELEASE, read_manifest
from train.release.hub_card import eval_results, repository_card, snippets

ROWS = read_manifest().variants


def card_of(name: str, twin: str = "") -> str:
    text = (RELEASE / name / "README.md").read_text()
    return repository_card(ROWS[name], text, f"maker/deepfake-{name}", "maker/zoo", "maker/space", twin)


@pytest.mark.parametrize("name", ["lite0_kd", "lite0_kd_p35"])
def test_the_hub_reads_all_that_it_asks_for(name):
    data = ModelCard(card_of(name)).data.to_dict()
    assert (data["license"], data["license_name"], data["library_name"]) == ("other", "research-use", "timm")
    assert (data["pipeline_tag"], data["base_model_relation"]) == ("image-classification", "finetune")
    assert data["base_model"] == "timm/efficientnet_lite0.ra_in1k" and data["datasets"] and data["tags"]
    assert data["widget"][0]["src"] == f"https://huggingface.co/maker/deepfake-{name}/resolve/main/example.jpg"
    assert data["model-index"][0]["results"]


def test_an_int8_one_names_what_it_was_made_of():
    card = card_of("lite0_kd_p35_int8", "maker/deepfake-lite0-kd-p35")
    data = ModelCard(card).data
    assert (data.base_model, data.base_model_relation) == ("maker/deepfake-lite0-kd-p35", "quantized")
    assert "onnxruntime" in snippets(card)[0]


def test_use_limits_and_links_come_first():
    card = card_of("lite0_kd_p35")
    places = [
        card.index(words) for words in ("# lite0_kd_p35", "## Use", "## What it cannot see", "arxiv.org", "AUC |")
    ]
    assert places == sorted(places)
    assert "https://huggingface.co/spaces/maker/space" in card and "https://huggingface.co/maker/zoo" in card
    [code] = snippets(card)
    assert 'hf_hub_download("maker/deepfake-lite0_kd_p35", "config.json")' in code and "{" in code


def test_measures_are_what_huggingface_hub_reads_back():
    first, *others = parse_eval_result_entries(eval_results(ROWS["b0"], "maker/deepfake-b0"))
    assert isinstance(first, EvalResultEntry) and (first.dataset_id, first.task_id) == ("dfdc-faces", "auc")
    assert first.value == round(ROWS["b0"].metrics["test"]["auc"], 4)
    assert [each.task_id for each in others] == ["accuracy", "eer", "ece"]
