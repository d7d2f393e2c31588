"""What tests/repository/audit.py makes of what pip-audit says."""

import json
import subprocess
from types import SimpleNamespace

from tests.repository.audit import LOCK, audited, verdict

FINE = {"name": "a", "version": "1", "vulns": []}
FLAWED = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


def test_without_data_nothing_was_audited_and_nothing_fails():
    assert verdict(None) == ("Nothing was audited: pip-audit is not installed, or reaches nothing from here.", 0)
    assert verdict([UNKNOWN, UNKNOWN]) == (
        "Nothing was audited: pip-audit finds no data on any of the 2 packages from here.",
        0,
    )


def test_a_clean_bill_says_how_far_it_goes():
    assert verdict([FINE, FINE]) == ("2 of 2 packages audited, no known vulnerability.", 0)
    words, status = verdict([FINE, UNKNOWN])
    assert words.startswith("1 of 2 packages audited, no known vulnerability.\nNot audited")
    assert words.endswith(": c.")
    assert status == 0


def test_a_vulnerability_is_named_and_fails():
    assert verdict([FINE, FLAWED]) == ("b 2: CVE-1\nb 2: CVE-2\n2 of 2 packages audited, 2 known vulnerabilities.", 1)
    assert verdict([FLAWED, UNKNOWN])[1] == 1


def test_what_is_audited_is_what_the_lock_files_name(monkeypatch):
    asked = []

    def run(words, **_):
        asked.append(words[-1])
        return SimpleNamespace(stdout=json.dumps({"dependencies": [FINE]}))

    monkeypatch.setattr(subprocess, "run", run)
    assert audited() == 3 * [FINE]
    assert asked == [str(LOCK / name) for name in ("app.txt", "torch.txt", "cuda.txt")]
    assert "mcp==" in (LOCK / "app.txt").read_text()
