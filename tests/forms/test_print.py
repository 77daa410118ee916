"""What is printed is what the truth says; needs Debian's chromium and its Chinese fonts."""

import html
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

from tests.forms import contents, figures, generate
from tests.forms.generate import seeded
from tests.forms.print import print_pdf, rasterize
from tests.forms.sheet import sheets
from tests.forms.style import style


def characters(record: object) -> Counter[str]:
    """Every character of every text in a truth record, spaces aside."""
    match record:
        case dict():
            return sum((characters(value) for key, value in record.items() if key != "form"), Counter())
        case list():
            return sum((characters(item) for item in record), Counter())
    return Counter(character for character in str(record) if not character.isspace())


def words(pdf: Path) -> str:
    """All words of ``pdf``; asked for with their boxes, since plain text loses a hyphen at the end of a line."""
    boxes = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return html.unescape("".join(re.findall(r">([^<]*)</word>", boxes)))


def test_every_character_of_the_truth_is_on_paper(tmp_path: Path) -> None:
    rng = seeded("print")
    office = figures.habit(rng)
    forms: list[contents.Paper] = [contents.self_evaluation(rng, office, 2021, 12), contents.performance_target(rng, office, 2021, 16)]
    pdf = print_pdf(sheets(forms, style(rng, forms)), tmp_path / "forms.pdf")
    printed = Counter(words(pdf))
    merged = {"level1", "level2"}
    flat = [
        {**contents.truth(form), "indicators": [{k: v for k, v in row.items() if k not in merged} for row in rows(form)]} for form in forms
    ]
    assert characters(flat) - printed == Counter()
    pages = rasterize(pdf, 50)
    assert len(pages) >= 2
    assert all(page.min() < 100 and page.max() == 255 for page in pages)


def rows(form: contents.Paper) -> list[dict[str, str]]:
    found = contents.truth(form)["indicators"]
    assert isinstance(found, list)
    return found


def test_generating_twice_gives_the_same_truth(tmp_path: Path) -> None:
    first, second = (generate(tmp_path / name, 1, 11, ["copier"], forms_per_file=(1, 1), planted=1.0) for name in "ab")
    truths = [path.with_name(path.name.removesuffix(path.suffix) + ".truth.json") for path in (*first, *second)]
    assert truths[0].read_bytes() == truths[1].read_bytes()
    record = json.loads(truths[0].read_text(encoding="utf-8"))
    assert list(record) == ["kind", "forms", "pages", "dpi"]
    assert record["kind"] == "copier"
    assert record["forms"][0]["planted"]
