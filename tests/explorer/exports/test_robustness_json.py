import json

from explorer.exports.robustness_json import robustness_json
from explorer.robustness import AS_UPLOADED, Firmness, Judged, Robustness
from explorer.structures import VariantError


def test_the_contract():
    versions = {AS_UPLOADED: Judged(0.8, "fake"), "jpeg50": Judged(0.5, "uncertain")}
    firmness = Firmness("b0", 0.5, (0.4, 0.62), versions)
    content = robustness_json(Robustness("a.mp4", 1, 11, 1280, 720, 12, (firmness,), (VariantError("lite0", "why"),)))
    assert content == {
        "schema_version": 1, "clip": "a.mp4", "from_s": 1, "to_s": 11, "width": 1280, "height": 720, "faces": 12,
        "variants": [
            {
                "name": "b0", "threshold": 0.5, "uncertain": [0.4, 0.62], "holds": False, "changed_by": ["jpeg50"],
                "versions": [
                    {"version": "as_uploaded", "title": "as uploaded", "p_fake": 0.8, "moved": 0, "verdict": "fake"},
                    {
                        "version": "jpeg50", "title": "JPEG, quality 50", "p_fake": 0.5, "moved": -0.3,
                        "verdict": "uncertain",
                    },
                ],
            }
        ],
        "errors": [{"variant": "lite0", "message": "why"}],
    }  # fmt: skip
    assert json.loads(json.dumps(content)) == content
