"""What the project's pages point to exists."""

import re
from collections.abc import Iterator

import pytest

from tests.project.pages import ROOT, read

PAGES = ["README.md", "CHANGELOG.md", *(f"docs/{page.name}" for page in ROOT.glob("docs/*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)\s#]+)")
PATH = re.compile(r"`((?:bot|cogs|sandbox|tests|bench|docs|requirements)/[\w./*-]*)`")


def targets(page: str) -> Iterator[str]:
    """Files that a page links to or names."""
    text = read(page)
    folder = (ROOT / page).parent
    for link in LINK.findall(text):
        yield str((folder / link).resolve().relative_to(ROOT))
    yield from PATH.findall(text)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    missing = [name for name in targets(page) if not list(ROOT.glob(name.rstrip("/")))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"(?:`|^\$ )make ([a-z]+)", read(page), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
