"""The documents: a short README, links that lead somewhere, here and in a published Space, and paths that exist."""

import re
from pathlib import Path
from posixpath import normpath

import pytest

from train.push_space import space_files

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "README.md",
    "THIRD_PARTY.md",
    "benchmarks/README.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
FOLDERS = "explorer|model_zoo|train|tests|benchmarks|lock|docs"


def links(page: str) -> list[tuple[str, str]]:
    """(path from the root, anchor) of every link and picture of a page that leads into the repository."""
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)", text)
    folder = page.rpartition("/")[0]
    return [(normpath(f"{folder}/{path}".lstrip("/")) if path else page, anchor) for path, anchor in targets]


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and the Hub make them."""
    headings = re.findall(r"^#+ (.*)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_is_a_page():
    assert len((ROOT / "README.md").read_bytes()) <= 9000


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    assert not [path for path, _ in links(page) if not (ROOT / path).exists()]
    assert not [(path, anchor) for path, anchor in links(page) if anchor and anchor not in anchors(path)]


def test_the_readme_leads_to_every_document():
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= {path for path, _ in links("README.md")}


def test_what_is_published_has_what_its_pages_lead_to():
    files = space_files("maker/explorer", "maker/zoo")
    published = [page for page in PAGES if page in files]
    assert {"README.md", "docs/api.md", "THIRD_PARTY.md"} <= set(published)
    assert not [(page, path) for page in published for path, _ in links(page) if path not in files]


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_a_page_names_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*\w\.(?:py|md|json|txt|npz|svg|jpg))(?![\w*])", text)
    assert not sorted({path for path in named if "NAME" not in path and not (ROOT / path).exists()})
