"""How firm the verdicts are, as the JSON that the API promises."""

from typing import Any

from explorer.exports.report_json import SCHEMA_VERSION
from explorer.robustness import AS_UPLOADED, TITLES, Firmness, Robustness


def robustness_json(robustness: Robustness) -> dict[str, Any]:
    """The contract of /robustness (docs/api.md): plain dicts, lists, numbers and strings."""
    return {
        "schema_version": SCHEMA_VERSION,
        "clip": robustness.clip,
        "from_s": round(robustness.from_s, 3),
        "to_s": round(robustness.to_s, 3),
        "width": robustness.width,
        "height": robustness.height,
        "faces": robustness.faces,
        "variants": [_variant(firmness) for firmness in robustness.variants],
        "errors": [{"variant": error.variant, "message": error.message} for error in robustness.errors],
    }


def _variant(firmness: Firmness) -> dict[str, Any]:
    before = firmness.versions[AS_UPLOADED].p_fake
    return {
        "name": firmness.name,
        "threshold": firmness.threshold,
        "uncertain": [round(end, 4) for end in firmness.uncertain],
        "holds": firmness.holds,
        "changed_by": list(firmness.changed_by),
        "versions": [
            {
                "version": version,
                "title": TITLES[version],
                "p_fake": round(judged.p_fake, 6),
                "moved": round(judged.p_fake - before, 6),
                "verdict": judged.verdict,
            }
            for version, judged in firmness.versions.items()
        ],
    }
