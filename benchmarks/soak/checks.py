"""What was found, what was wanted, and whether that is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One promise of the server, put to the test."""

    name: str
    found: str
    wanted: str
    kept: bool


def table(checks: list[Check]) -> str:
    """The checks in Markdown."""
    rows = [("what", "found", "wanted", "kept"), ("---",) * 4]
    rows += [(check.name, check.found, check.wanted, "yes" if check.kept else "**no**") for check in checks]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
