"""A data set and a releaser small enough to build a zoo in seconds."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.support.fakes import TINY, crop
from train.dataset.items import read_face_parquet
from train.evaluation import measure as evaluation
from train.release.releaser import Releaser
from train.trainer.loop import Data, LoopOptions
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import RECIPES, Recipe


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A data set of 32 + 16 + 16 generated crops; fakes are brighter."""
    folder = tmp_path_factory.mktemp("data")
    for seed, (split, pairs) in enumerate((("train", 16), ("validation", 8), ("test", 8))):
        rows = [
            {
                "video": f"{split}{i}{kind}",
                "label": kind,
                "original": f"{split}{i}0",
                "image": {"bytes": crop(90 + 80 * kind, 1000 * seed + 2 * i + kind), "path": None},
            }
            for i in range(pairs)
            for kind in (0, 1)
        ]
        parquet.write_table(pa.Table.from_pylist(rows), folder / f"{split}.parquet")
    return folder


@pytest.fixture
def releaser(data, tmp_path, monkeypatch) -> Releaser:
    """A releaser over two tiny recipes: lite0, and lite0_kd that starts from it and is taught by it."""
    monkeypatch.setitem(RECIPES, "lite0", Recipe("lite0", "lite0", start="xavier", **TINY))
    student = Recipe("lite0_kd", "lite0_kd", start="lite0", teacher="lite0", alpha=0.25, **TINY)
    monkeypatch.setitem(RECIPES, "lite0_kd", student)
    monkeypatch.setattr(evaluation, "ROUNDS", 1)
    (tmp_path / "release").mkdir()
    splits = Data(read_face_parquet(data, "train"), read_face_parquet(data, "validation"))
    options = LoopOptions(workers=0, report=lambda line: None)
    return Releaser(RecipeRunner(splits, None, tmp_path / "checkpoints", tmp_path / "release", options), data)
