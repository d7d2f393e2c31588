"""Sections of docs/results.md that the benchmarks write themselves."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "results.md"


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put `text` between the comments `name:begin` and `name:end`, which must be there. Raises ValueError."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    written, count = re.subn(f"(?s){begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", page.read_text())
    if count != 1:
        raise ValueError(f"{page.name} has no place for {name}: {begin} {end}")
    page.write_text(written)
