"""The workbook, the page and the plots: complete, safe with text of strangers, and the same for the same archive."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bench.audit import broken, plots
from models.errors import OutputError
from models.form import Verdict
from models.template import Severity
from service.audit import Audit, AuditFinding, AuditRule, audit, page, sentences, workbook, write_page, write_workbook
from service.audit.amounts import Cell
from service.audit.edges import Ground
from service.audit.entry import FormRef
from service.audit.finding import Evidence
from service.audit.plots import MOST_PANELS, rate_plot, score_plot, share_plot
from service.audit.results import results, unit_rates, unit_scores
from tests.service.audit.archive import archive, stored

HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>&\u202e\x00\"'>"


@pytest.fixture(scope="module")
def found() -> Audit:
    return broken()


@pytest.fixture(scope="module")
def hostile() -> Audit:
    """An audit all of whose texts were written by a stranger."""
    sheets = archive(2, units=1, noise=False)
    for sheet in sheets:
        unit = "applicant_unit" if "applicant_unit" in sheet.fields else "implementing_unit"
        sheet.fields |= {unit: HOSTILE, "project_name": f"{HOSTILE}{sheet.fields['project_name']}"}
    result = audit(stored(sheets))
    evidence = (Evidence(FormRef("0" * 64, 1, 1, HOSTILE), (Cell("fields.project_name", 1, HOSTILE, True),)),)
    finding = AuditFinding(AuditRule.CURRENT_BUDGET, Severity.ERROR, Verdict.ON_PAPER, HOSTILE, HOSTILE, 2020, HOSTILE, evidence)
    return replace(result, findings=(finding,))


def _sheets(found: Audit, path: Path) -> dict[str, Worksheet]:
    write_workbook(found, path)
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(path).worksheets}


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_the_workbook_holds_every_finding_with_its_evidence_every_project_and_every_link(found: Audit, tmp_path: Path) -> None:
    sheets = _sheets(found, tmp_path / "audit.xlsx")
    assert list(sheets) == ["汇总", "问题", "依据", "项目", "关联", "年度"]
    told = _rows(sheets["问题"])
    assert [(row["编号"], row["年度"], row["说明"]) for row in told] == [(one.rule, one.year, one.message) for one in found.findings]
    summary = {row["编号"]: (row["表上如此"], row["待核"]) for row in _rows(sheets["汇总"])}
    counts = Counter((one.rule.value, one.accuses) for one in found.findings)
    assert summary == {rule.value: (counts[rule.value, True], counts[rule.value, False]) for rule in AuditRule}
    assert len(_rows(sheets["依据"])) == sum(max(1, len(evidence.cells)) for one in found.findings for evidence in one.evidence)
    assert len(_rows(sheets["项目"])) == len(found.projects)
    assert len(_rows(sheets["关联"])) == sum(len(project.links) for project in found.projects)
    assert sum(Decimal(str(row["总分"])) for row in _rows(sheets["年度"])) == sum(one.score or 0 for one in results(found))


def test_no_text_becomes_a_formula_or_a_link(hostile: Audit, tmp_path: Path) -> None:
    sheets = _sheets(hostile, tmp_path / "audit.xlsx")
    cells = [cell for sheet in sheets.values() for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.hyperlink is None and (cell.data_type == "n" or cell.quotePrefix) for cell in cells)
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_more_rows_than_a_sheet_has_go_on_another(found: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_ROWS_A_SHEET", 25)
    sheets = _sheets(found, tmp_path / "audit.xlsx")
    assert [len(_rows(sheets[name])) for name in ("项目", "项目 2")] == [25, 15]
    assert "项目 3" not in sheets


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _page(found: Audit, path: Path) -> _Tags:
    write_page(found, path)
    tags = _Tags()
    tags.feed(path.read_text("utf-8"))
    return tags


def test_the_page_shows_every_finding_and_three_plots(found: Audit, tmp_path: Path) -> None:
    tags = _page(found, tmp_path / "audit.html")
    text = "\n".join(tags.text)
    assert tags.tags["svg"] == 3
    assert [one.message for one in found.findings if one.message not in text] == []
    assert [rule for rule in AuditRule if rule.value not in text] == []


@pytest.mark.parametrize("which", ["found", "hostile"])
def test_the_page_has_no_script_and_asks_for_nothing_outside(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    tags = _page(request.getfixturevalue(which), tmp_path / "audit.html")
    assert not tags.tags.keys() & {"script", "link", "img", "iframe", "object", "embed", "image", "use", "a", "base", "form"}
    assert not {name for name in tags.attributes if name.startswith("on")} | tags.attributes & {"src", "href", "xlink:href", "srcset"}
    page = (tmp_path / "audit.html").read_text("utf-8")
    assert re.findall(r"url\(|@import|javascript:", page) == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page) == []
    assert not set(page) & {"\u202e", "\x00"}


def test_text_of_strangers_stays_text(hostile: Audit, tmp_path: Path) -> None:
    text = "".join(_page(hostile, tmp_path / "audit.html").text)
    assert "<script>alert(1)</script>" in text


def test_a_long_list_is_cut_and_says_so(found: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_FINDINGS", 3)
    monkeypatch.setattr(page, "MOST_LINKS", 1)
    tags = _page(found, tmp_path / "audit.html")
    text = "\n".join(tags.text)
    assert f"共 {len(found.findings)} 条，此处列出较重的 3 条" in text
    assert sum(one.message in text for one in found.findings) == 3
    assert all(one.severity is Severity.ERROR for one in found.findings if one.message in text)


@pytest.mark.parametrize("write", [write_page, write_workbook])
def test_what_cannot_be_written_is_said(write: object, found: Audit, tmp_path: Path) -> None:
    assert callable(write)
    blocked = tmp_path / "a file"
    blocked.touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write(found, blocked / "audit")
    assert list(tmp_path.iterdir()) == [blocked]


def test_an_empty_archive_makes_an_empty_report(tmp_path: Path) -> None:
    nothing = audit([])
    assert all(sheet.max_row <= 1 or sheet.title == "汇总" for sheet in _sheets(nothing, tmp_path / "audit.xlsx").values())
    assert "没有发现问题。" in "".join(_page(nothing, tmp_path / "audit.html").text)


def test_the_plots_of_the_documents_are_those_of_the_command(found: Audit) -> None:
    images = Path(__file__).parents[3] / "docs/images"
    assert {name: (images / name).read_text("utf-8") for name in plots(found)} == plots(found)


@pytest.mark.parametrize("draw", [rate_plot, score_plot, share_plot])
@pytest.mark.parametrize("which", ["found", "hostile"])
def test_a_plot_is_sound_xml_within_its_sheet(draw: object, which: str, request: pytest.FixtureRequest) -> None:
    assert callable(draw)
    root = ET.fromstring(draw(request.getfixturevalue(which)))  # noqa: S314 - our own
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for shape in root.iter():
        at = [(float(shape.get("x", shape.get("cx", "0"))), float(shape.get("y", shape.get("cy", "0"))))]
        at += [(float(pair.split(",")[0]), float(pair.split(",")[1])) for pair in shape.get("points", "").split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in at), ET.tostring(shape)


@pytest.mark.parametrize("spent", ["999,999,999,999,999,999.00", "-5.00", "0"])
def test_a_rate_beyond_reason_is_drawn_at_the_edge(spent: str) -> None:
    sheets = archive(1, units=1, projects=1, noise=False)
    next(sheet for sheet in sheets if "funds" in sheet.tables).tables["funds"][0]["executed"] = spent
    root = ET.fromstring(rate_plot(audit(stored(sheets))))  # noqa: S314 - our own
    circles = [float(shape.get("cy", "0")) for shape in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(circles) == 10
    assert all(0 < y < float(root.get("height", "0")) for y in circles)


def test_many_units_share_the_last_panel() -> None:
    many = audit(stored(archive(1, units=20, projects=1, noise=False)))
    text = ET.fromstring(rate_plot(many)).itertext()  # noqa: S314 - our own
    assert f"其余 {20 - MOST_PANELS + 1} 个单位" in set(text)


def test_rates_of_a_unit_are_weighed_by_budget_and_scores_are_averaged() -> None:
    forms = list(stored(archive(1, units=1, projects=2, years=1, noise=False)))
    both = list(results(audit(forms)))
    (rate,) = unit_rates(both).values()
    assert rate == pytest.approx(sum(one.executed for one in both) / sum(one.budget for one in both) * 100)
    (score,) = unit_scores(both).values()
    assert score == sum((one.score or Decimal(0)) for one in both) / 2


def test_everything_has_a_chinese_name() -> None:
    assert set(sentences.RULES) == set(AuditRule)
    assert set(sentences.GROUNDS) == set(Ground)
    assert sentences.term("tables.funds[0].executed") == "项目资金第 1 行·全年执行数"
    assert sentences.term("fields.project_name") == "项目名称"
