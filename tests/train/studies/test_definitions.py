import json
from dataclasses import asdict, replace

import pytest
import torch

from tests.support.fakes import TINY
from train.errors import BadRecipe
from train.release.cards import as_markdown
from train.studies import runner
from train.studies.definitions import STUDIES, Study, study_named
from train.studies.runner import carry_out
from train.trainer.recipes import RECIPES, Recipe


@pytest.mark.parametrize("name", sorted(STUDIES.keys() - {"layer-locking"}))  # its rows are a document's table
def test_rows_of_a_study_differ_in_one_thing_only(name):
    recipes = [asdict(recipe) for recipe in study_named(name).recipes.values()]
    budget = {replace(Recipe(**recipe), name="").epochs_total for recipe in recipes}
    assert len({round(epochs, 6) for epochs in budget}) == 1
    spread = {"name", "epochs", "epochs_between"}  # one-shot and stepwise pruning divide the same epochs otherwise
    spread |= {"schedule"} if name == "warm-up" else set()  # a schedule is its warm-up, too
    spread |= {"seed"} if name == "mix" else set()  # each row twice
    differing = {key for key in recipes[0] if len({str(recipe[key]) for recipe in recipes}) > 1} - spread
    assert len(differing) == (len(recipes) > 1)
    assert all(recipe["start"] in ("trunk", "xavier", *RECIPES) for recipe in recipes)


def test_an_unknown_study_is_named():
    with pytest.raises(BadRecipe, match="no study named 'x'; there are kd-alpha"):
        study_named("x")


def test_a_study_is_carried_out_and_kept(releaser, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "TRACE_EVERY", 2)
    recipes = {
        f"{rate}": Recipe(f"study-{rate}", "lite0", start="xavier", **TINY | {"learning_rate": rate})
        for rate in (1e-3, 1e-4)
    }
    results = tmp_path / "studies.json"
    results.write_text('{"older": {}}')
    study = Study("rate", "Which rate?", "1 epoch", recipes, curves=True)
    table = carry_out(study, releaser.recipe_runner, results)
    kept = json.loads(results.read_text())
    assert kept == {"older": {}, "rate": table}
    assert [row["label"] for row in table["rows"]] == ["0.001", "0.0001"]
    assert table["rows"][0]["params"] == 3_372_289
    assert 0 <= table["rows"][0]["auc"] <= 1
    steps = torch.load(releaser.recipe_runner.checkpoints / "study-0.001" / "last.pt", weights_only=True)["step"]
    curve = table["rows"][0]["curve"]
    assert len(curve["losses"]) == -(-steps // curve["steps_a_loss"])
    assert [point["step"] for point in curve["traced"]] == list(range(2, steps + 1, 2))
    assert as_markdown(table).count("\n") == 3


def test_a_row_that_two_studies_share_is_one_recipe():
    named = {recipe.name: recipe for study in STUDIES for recipe in study_named(study).recipes.values()}
    for study in STUDIES:
        assert all(named[recipe.name] == recipe for recipe in study_named(study).recipes.values()), study
    assert study_named("heads").recipes["one logit, sigmoid"].name == "study-equal-lite0"
    assert "study-equal-lite0" in {recipe.name for recipe in study_named("initialisation").recipes.values()}
