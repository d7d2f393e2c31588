"""Styles and scripts of the pages, which lie as files in assets/."""

from pathlib import Path

ASSETS = Path(__file__).with_name("assets")


def asset(name: str) -> str:
    """The text of a file in assets/."""
    return (ASSETS / name).read_text(encoding="utf-8")
