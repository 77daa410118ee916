"""docs/reviewing.md tells the keys that the pages themselves tell, and shows pictures that are there."""

import re
import tomllib
from pathlib import Path

import pytest

from service.web.pages import catalogue

ROOT = Path(__file__).resolve().parents[5]
PAGES = Path(catalogue.__file__).parent
GUIDE = (ROOT / "docs" / "reviewing.md").read_text("utf-8")
MOST_BYTES = 200_000


def told_by_the_pages() -> dict[str, list[tuple[list[str], str]]]:
    """Keys and what they do, in English, of both help dialogs."""
    words = tomllib.loads((PAGES / "catalogue.toml").read_text("utf-8"))
    queue = re.findall(r"<dt>(.*?)</dt><dd>\{\{ t\(\"queue\.(\w+)\"\)", (PAGES / "templates" / "reviews.html").read_text("utf-8"))
    review = re.findall(r"\(\"([^\"]+)\", \"review\.(key_\w+)\"\)", (PAGES / "templates" / "review_dialogs.html").read_text("utf-8"))
    return {
        "queue": [(re.findall("<kbd>(.*?)</kbd>", keys), words["queue"][name][1]) for keys, name in queue],
        "review": [([key for key in keys.split() if key != "–"], words["review"][name][1]) for keys, name in review],
    }


def told_by_the_guide(heading: str) -> list[tuple[list[str], str]]:
    """The table of keys below a heading."""
    (part,) = re.findall(rf"^## {heading}.*?(?=^## )", GUIDE, re.MULTILINE | re.DOTALL)
    return [(re.findall("`(.+?)`", keys), does) for keys, does in re.findall(r"^\| (`.+?) \| (.+) \|$", part, re.MULTILINE)]


@pytest.mark.parametrize(("page", "heading"), [("queue", "The queue"), ("review", "A form")])
def test_the_keys_are_those_of_the_help(page: str, heading: str) -> None:
    told = told_by_the_pages()[page]
    assert len(told) > 5
    assert told_by_the_guide(heading) == told


@pytest.mark.parametrize("name", ["queue", "review", "figures", "record", "upload", "login"])
def test_each_page_has_a_picture_that_is_shown_and_small(name: str) -> None:
    assert 0 < (ROOT / "docs" / "images" / f"{name}.png").stat().st_size <= MOST_BYTES
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert any(f"images/{name}.png" in document.read_text("utf-8") for document in documents)
