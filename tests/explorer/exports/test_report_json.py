import json
from pathlib import Path

import numpy as np

from explorer.exports.conclusion import CAUTION, NEXT
from explorer.exports.report_json import as_json
from explorer.origin import Container, Credentials, Origin, origin_from
from explorer.structures import ClipInfo, Cpu, Face, PersonScore, Report, Spread, Stretch, VariantError, VariantResult
from model_zoo.zoo import Zoo

CLIP = ClipInfo("a.mp4", 2.0, 640, 480, 25.0, 0.0, np.arange(50) / 25, np.array([0.0]))
CPU = Cpu("a processor", 2, 2, ("avx2",))
ZOO = Zoo(Path("somewhere"), "user/zoo", "abc", "why")
FACE = Face(0.48, np.array([1.04, 2, 3, 4], np.float32), np.zeros((224, 224, 3), np.uint8))


def result(**changes):
    given = dict(
        name="b0", engine="torch", verdict="fake", p_fake=0.75, fake_frame_rate=1.0, threshold=0.5,
        uncertain=(0.4, 0.62), guesses_on=("lipsync",),
        ms_per_face=Spread(12.3456, 0.5), run_ms=12.0, params=4, size_mb=16.3, frame_p_fake=np.array([0.75]),
        evidence=np.zeros((1, 5, 5), np.float32), people=(PersonScore(1, 1, 0.75, "fake", (Stretch(0.0, 0.5, 0.75),)),),
    )  # fmt: skip
    return VariantResult(**given | changes)


def test_the_contract():
    stages = {"decode": 1.0, "find_faces": 2.0, "crop": 3.0}
    report = Report(CLIP, 1, (FACE,), CPU, stages, (result(),), (VariantError("lite0", "why"),))
    assert as_json(report, ZOO) == {
        "schema_version": 1,
        "zoo": {"source": "user/zoo", "revision": "abc", "note": "why"},
        "clip": {
            "name": "a.mp4", "duration_s": 2.0, "width": 640, "height": 480, "fps": 25.0,
            "frames": 50, "frames_sampled": 1, "faces_found": 1, "people": 1, "not_judged": None,
            "brightness": 0.0,
                "credentials": None, "container": None,
        },
        "cpu": {"model": "a processor", "cores": 2, "threads": 2, "instruction_sets": ["avx2"]},
        "stages_ms": {"decode": 1.0, "find_faces": 2.0, "crop": 3.0},
        "variants": [
            {
                "name": "b0", "plain_name": "Large: EfficientNet-B0",
                "engine": "torch", "verdict": "fake", "p_fake": 0.75, "fake_frame_rate": 1.0,
                "threshold": 0.5, "uncertain": [0.4, 0.62], "guesses_on": ["lipsync"],
                "ms_per_face": {"median": 12.346, "iqr": 0.5},
                "people": [
                    {
                        "person": 1, "faces": 1, "p_fake": 0.75, "verdict": "fake",
                        "stretches": [{"from_s": 0.0, "to_s": 0.5, "p_fake": 0.75}],
                    }
                ],
                "run_ms": 12.0, "slices": [], "params": 4, "size_mb": 16.3,
                "frames": [{"time_s": 0.48, "person": 1, "p_fake": 0.75, "box": [1.0, 2.0, 3.0, 4.0]}],
            }
        ],
        "errors": [{"variant": "lite0", "message": "why"}],
        "summary": {
            "verdict": "fake",
            "headline": "The one detector says fake, throughout.",
            "details": ["It is 16.3 MB and took 12.3 ms a face."],
            "evidence": {"level": 1, "of": 4, "words": "weak evidence"},
            "caveats": ["the faces are only 2 px wide", "the faces are dark", "only 1 sampled frame shows a face"],
            "caution": CAUTION + " They are no better than chance at lip-syncs.",
            "next": list(NEXT),
        },
    }  # fmt: skip


def test_what_the_file_says_stands_beside_the_clip():
    origin = Origin(Credentials("none"), Container("isom", "h264", software=("FFmpeg",)))
    clip = as_json(Report(CLIP, 1, (), CPU, {}, (), (), origin=origin), ZOO)["clip"]
    assert clip["credentials"] == {
        "state": "none", "on_trust_list": None, "issuer": None, "signer": None, "signed_at": None, "tool": None,
        "ai": [], "sources": [], "edits": [], "made_from": [], "problems": [],
    }  # fmt: skip
    assert clip["container"] == {
        "format": "isom", "codec": "h264", "encoder": None, "created": None, "software": ["FFmpeg"], "device": None,
        "edit_list": 0, "hidden_s": 0.0, "variable_rate": False, "lowest_fps": None, "highest_fps": None,
    }  # fmt: skip
    assert origin_from(clip) == origin


def test_no_face_is_null():
    none = result(
        verdict="no face", p_fake=None, fake_frame_rate=None, ms_per_face=None, frame_p_fake=np.empty(0), people=()
    )
    content = as_json(Report(CLIP, 4, (), CPU, {}, (none,), ()), ZOO)
    row = content["variants"][0]
    assert (row["verdict"], row["p_fake"], row["ms_per_face"], row["frames"]) == ("no face", None, None, [])
    assert json.loads(json.dumps(content)) == content
