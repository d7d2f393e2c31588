"""What was measured, what is the target, and whether it is met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One promise of the server, put to the test."""

    name: str
    measured: str
    target: str
    met: bool


def table(checks: list[Check]) -> str:
    """The checks in Markdown."""
    rows = [("what", "found", "wanted", "kept"), ("---",) * 4]
    rows += [(check.name, check.measured, check.target, "yes" if check.met else "**no**") for check in checks]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
