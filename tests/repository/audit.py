"""python tests/repository/audit.py: pip-audit on all that the app installs; it fails where it knows of a flaw.

Where pip-audit's data cannot be reached it says so and does not fail. Of itself it would call that "no known
vulnerabilities found".
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LOCK = Path(__file__).resolve().parents[2] / "lock"
LOCKS = (LOCK / "app.txt", LOCK / "torch.txt", LOCK / "cuda.txt")
COMMAND = (sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")


def audited(locks: Sequence[Path] = LOCKS) -> list[dict] | None:
    """What pip-audit says of each package, None where it says nothing."""
    packages: list[dict] = []
    for lock in locks:  # one by one: pip-audit wants hashes on all lines of a call or on none
        done = subprocess.run([*COMMAND, "--requirement", str(lock)], capture_output=True, text=True)
        try:
            packages += json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            return None
    return packages


def verdict(packages: list[dict] | None) -> tuple[str, int]:
    """In words, and as an exit status."""
    if packages is None:
        return "Nothing was audited: pip-audit is not installed, or reaches nothing from here.", 0
    skipped = [row["name"] for row in packages if "skip_reason" in row]
    known = len(packages) - len(skipped)
    if not known:
        return f"Nothing was audited: pip-audit finds no data on any of the {len(packages)} packages from here.", 0
    lines = [f"{row['name']} {row['version']}: {flaw['id']}" for row in packages for flaw in row.get("vulns", ())]
    flaws = f"{len(lines)} known vulnerabilities" if lines else "no known vulnerability"
    lines.append(f"{known} of {len(packages)} packages audited, {flaws}.")
    if skipped:
        lines.append(f"Not audited, because there is no data on them from here: {', '.join(skipped)}.")
    return "\n".join(lines), int(len(lines) > 1 + bool(skipped))


def main() -> int:
    words, status = verdict(audited())
    print(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
