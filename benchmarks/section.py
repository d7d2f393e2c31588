"""Sections of benchmarks/README.md that the benchmarks write themselves."""

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def write_section(name: str, text: str, readme: Path = README) -> None:
    """Put `text` between the comments `name:begin` and `name:end`, which must be there. Raises ValueError."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    written, count = re.subn(f"(?s){begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", readme.read_text())
    if count != 1:
        raise ValueError(f"{readme.name} has no place for {name}: {begin} {end}")
    readme.write_text(written)
