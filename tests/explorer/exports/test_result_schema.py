"""What is said of a content that does not fit."""

import json

import pytest
from pydantic import ValidationError

from explorer.exports.result_schema import JudgedBy, ResultContent, Times, readable_error

JUDGED = {
    "name": "b0", "engine": "torch", "verdict": "fake", "p_fake": 0.9, "fake_frame_rate": 1.0, "threshold": 0.5,
    "ms_per_face": {"median": 1.0, "iqr": 0.0}, "params": 1, "size_mb": 1.0,
    "people": [{"person": 1, "faces": 1, "p_fake": 0.9, "verdict": "fake"}],
    "frames": [{"time_s": 0.0, "person": 1, "p_fake": 0.9, "box": [0, 0, 1, 1]}],
}  # fmt: skip


def why(model, given) -> str:
    with pytest.raises(ValidationError) as error:
        model.model_validate_json(json.dumps(given))
    return readable_error(error.value)


def test_the_place_is_named_by_keys_of_ours_alone():
    assert why(Times, {"median": "1", "iqr": 0}) == "median: float type"
    assert why(JudgedBy, JUDGED | {"ms_per_face": {"median": -1, "iqr": 0}}) == "ms_per_face.median: greater than equal"
    assert why(JudgedBy, JUDGED | {"frames": [{}]}) == "frames.0.time_s: missing"
    assert why(ResultContent, {"<b>": 1}) == "schema_version: missing"
    assert why(ResultContent, 7) == "the file: model type"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": "real"}, "a verdict that contradicts the numbers under it"),
        ({"verdict": "no face"}, "a verdict that contradicts the numbers under it"),
        ({"people": [JUDGED["people"][0] | {"person": 2}]}, "people without faces, or faces of nobody"),
        ({"frames": [JUDGED["frames"][0] | {"person": 2}]}, "people without faces, or faces of nobody"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(changes, words):
    assert JudgedBy.model_validate_json(json.dumps(JUDGED)).name == "b0"
    assert why(JudgedBy, JUDGED | changes) == f"the file: {words}"


def test_what_cannot_be_seen_is_marked_and_long_names_are_cut():
    model = ResultContent.model_fields["clip"].annotation
    clip = dict(name="a\u202eb\n" + "x" * 300, duration_s=1.0, width=1, height=1, fps=1.0, frames_sampled=1)
    name = model.model_validate_json(json.dumps(clip)).name
    assert name.startswith("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}xxx") and len(name) == 160
