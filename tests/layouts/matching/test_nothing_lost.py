"""Whatever stands on the pages is in a slot, listed as unplaced, or a printed word of the form."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import match, slots

TOKEN = re.compile(r"墨\d{3}")
"""Marks that stand for text no form prints."""

texts = st.integers(0, 999).map(lambda number: f"墨{number:03}")
cells = st.one_of(
    texts, texts.map(lambda text: f"{text}⏎{text}"), st.sampled_from(["", "<", "项目名称", "分值", "得分", "总分", "一级目标"])
)


@st.composite
def tables(draw_: st.DrawFn) -> str:
    """A table of any texts, some cells merged, some of them words of a form."""
    width = draw_(st.integers(1, 5))
    lines = draw_(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))
    return "\n".join(" | ".join(["墨000" if line[0] == "<" else line[0], *line[1:]]) for line in lines)


def check(*drawings: str) -> None:
    pages = [draw(i + 1, drawing) for i, drawing in enumerate(drawings)]
    wanted = Counter(TOKEN.findall("".join(drawings)))
    found = Counter(token for slot in slots(match(*pages)) for token in TOKEN.findall(slot.text))
    assert not wanted - found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(tables(), texts.map(lambda text: f"# {text}")), min_size=1, max_size=3))
def test_on_unknown_pages(drawings: list[str]) -> None:
    check(*drawings)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_on_forms_with_foreign_text_anywhere(data: st.DataObject) -> None:
    drawing = data.draw(st.sampled_from([printed.SELF_EVALUATION, printed.TARGET]))
    lines = drawing.strip("\n").split("\n")
    for token in data.draw(st.lists(texts, min_size=1, max_size=4)):
        at = data.draw(st.integers(0, len(lines) - 1))
        if lines[at].startswith("#"):
            lines.insert(at, f"# {token}")
            continue
        row = [cell.strip() for cell in lines[at].split("|")]
        column = data.draw(st.sampled_from([i for i, cell in enumerate(row) if cell not in ("<", "^")]))
        row[column] = f"{row[column]}⏎{token}" if row[column] else token
        lines[at] = " | ".join(row)
    check("\n".join(lines), data.draw(tables()))
