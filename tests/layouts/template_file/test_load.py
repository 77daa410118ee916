"""Template files: what is right is read, what is wrong is told all at once, with file, line and path."""

from pathlib import Path

import pytest

from layouts.template_file import MAX_BYTES, builtin_templates, load_template
from models.errors import TemplateError
from models.template import AtMostRule, OrderedRule, ProductRule, Ref, RequiredIfRule, Severity, SumRule, ValueKind, Where

GOOD = """\
template: here/simple@1
kind: simple
titles: [简表]
fields:
  - {name: year, kind: year, where: [loose], pattern: '(\\d{4})年'}
  - {name: total, kind: number, where: [crossing], labels: [合计], column: [得分]}
  - {name: start, kind: date, where: [behind], labels: [开始]}
  - {name: end, kind: date, where: [behind], labels: [结束]}
tables:
  - name: items
    rows: [甲项, 乙项]
    columns:
      - {name: item, kind: text, headings: [''], spans: true}
      - {name: score, kind: number, headings: [得分]}
    ends: [合计]
rules:
  - {id: sum_of_items, sum: total, parts: ['items[*].score', 'items[甲项].score'], severity: error}
"""


def faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "t.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_template(path)
    return tuple(fault.removeprefix(f"{tmp_path}/") for fault in caught.value.faults)


def test_everything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(GOOD, "utf-8")
    template = load_template(path)
    assert (template.name, template.kind, template.titles) == ("here/simple@1", "simple", ("简表",))
    assert [field.where for field in template.fields] == [(Where.LOOSE,), (Where.CROSSING,), (Where.BEHIND,), (Where.BEHIND,)]
    assert template.tables[0].rows == ("甲项", "乙项")
    assert [(column.kind, column.headings, column.spans) for column in template.tables[0].columns] == [
        (ValueKind.TEXT, ("",), True),
        (ValueKind.NUMBER, ("得分",), False),
    ]
    assert template.rules == (
        SumRule("sum_of_items", Severity.ERROR, Ref("total"), (Ref("score", "items"), Ref("score", "items", "甲项"))),
    )


def test_the_two_forms_built_in() -> None:
    templates = {template.kind: template for template in builtin_templates()}
    assert sorted(templates) == ["performance_target", "self_evaluation"]
    rules = templates["self_evaluation"].rules
    assert len([rule for rule in rules if rule.id == "funds_sum"]) == 3
    assert any(isinstance(rule, ProductRule) and rule.factor == Ref("weight", "funds") for rule in rules)
    assert any(isinstance(rule, RequiredIfRule) and rule.severity is Severity.WARNING for rule in rules)
    assert any(isinstance(rule, AtMostRule) and rule.not_negative for rule in rules)
    assert any(isinstance(rule, OrderedRule) for rule in templates["performance_target"].rules)
    assert "" in templates["self_evaluation"].tables[0].columns[0].headings


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: simple", "kind: simple\ncolour: red", "t.yaml:3: unknown key @ $.colour"),
        ("titles: [简表]", "titles: []", "t.yaml:3: must not be empty @ $.titles"),
        ("titles: [简表]", "titles: ['']", "t.yaml:3: must not be empty @ $.titles[0]"),
        ("titles: [简表]", "titles: [2020]", "t.yaml:3: must be text; put it in quotes if it looks like a number @ $.titles[0]"),
        ("titles: [简表]\n", "", "t.yaml:1: is missing @ $.titles"),
        ("kind: simple", "kind: simple\nkind: again", "t.yaml:3: key 'kind' is given twice @ $.kind"),
        ("{name: start, kind: date", "{name: year, kind: date", "t.yaml:7: a field called 'year' is already there @ $.fields[2].name"),
        ("name: item,", "name: score,", "t.yaml:14: a column called 'score' is already there @ $.tables[0].columns[1].name"),
        ("labels: [开始]", "labels: []", "t.yaml:7: where: behind needs labels @ $.fields[2].where"),
        ("pattern: '(\\d{4})年'", "labels: [年]", "t.yaml:5: labels are of no use to where: loose @ $.fields[0].labels"),
        ("column: [得分]", "column: [分数]", "t.yaml:6: no table has a column with this heading @ $.fields[1].column"),
        (", column: [得分]", "", "t.yaml:6: column and where: [crossing] belong together @ $.fields[1].column"),
        (", pattern: '(\\d{4})年'", "", "t.yaml:5: pattern and where: [loose] or [inside] belong together @ $.fields[0].pattern"),
        (
            "'(\\d{4})年'",
            "'(\\d{4}年'",
            "t.yaml:5: not a regular expression: missing ), unterminated subpattern at position 0 @ $.fields[0].pattern",
        ),
        (
            "'(\\d{4})年'",
            "'(\\d{2})(\\d{2})年'",
            "t.yaml:5: must have exactly one group, the value; it has 2 (write (?:…) for the others) @ $.fields[0].pattern",
        ),
        ("sum: total", "sum: totals", "t.yaml:17: no field is called 'totals' @ $.rules[0].sum"),
        ("items[*].score", "item[*].score", "t.yaml:17: no table is called 'item' @ $.rules[0].parts[0]"),
        ("items[*].score", "items[*].scores", "t.yaml:17: table 'items' has no column 'scores' @ $.rules[0].parts[0]"),
        ("items[甲项].score", "items[丙项].score", "t.yaml:17: table 'items' has no row '丙项' @ $.rules[0].parts[1]"),
        (
            "items[甲项].score",
            "items.score",
            "t.yaml:17: 'items.score' is neither a field nor table[row].column nor table[*].column @ $.rules[0].parts[1]",
        ),
        (
            "sum: total",
            "sum: start",
            "t.yaml:17: 'start' is of kind date, but here stands one of amount, number, percent, year @ $.rules[0].sum",
        ),
        (
            "sum: total, parts: ['items[*].score', 'items[甲项].score']",
            "total: total",
            "t.yaml:17: rule of unknown kind: it needs one of sum, ratio, product, at_most, equals, earlier, required @ $.rules[0]",
        ),
        (
            "sum: total, parts: ['items[*].score', 'items[甲项].score']",
            "at_most: total, limit: 'items[*].score'",
            "t.yaml:17: this kind of rule holds row by row: all its references must be fields, or all of one table @ $.rules[0]",
        ),
        (
            "{name: total, kind: number",
            "{name: total, kind: 2020-01-01",
            "t.yaml:6: '2020-01-01' is read as timestamp; put it in quotes @ $.fields[1].kind",
        ),
        ("titles: [简表]", "titles: &a [简表]\nfixed: *a", "t.yaml:4: aliases (*name) are not allowed; write the value out @ $"),
        ("titles: [简表]", "titles: " + "[" * 20, "t.yaml:3: nested deeper than 16 levels @ $"),
        ("titles: [简表]", "titles: [简表", "t.yaml:4: not YAML: expected ',' or ']', but got ':' @ $"),
        ("kind: simple", "kind: !!python/object:os.system x", "t.yaml:2: 'x' is read as os.system; put it in quotes @ $.kind"),
        ("    columns:", "    columns: 7\n    other:", "t.yaml:12: Input should be a valid list @ $.tables[0].columns"),
    ],
)
def test_one_fault(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert fault in faults(tmp_path, GOOD.replace(old, new, 1))


def test_all_faults_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    spoilt = (
        GOOD.replace("here/simple@1", "simple")
        .replace("[开始]", "[]")
        .replace("headings: [得分]", "headings: 7")
        .replace("sum: total", "sum: all")
    )
    assert faults(tmp_path, spoilt) == (
        "t.yaml:1: String should match pattern '^[a-z0-9_]+(/[a-z0-9_]+)*@[0-9]+$' @ $.template",
        "t.yaml:6: no table has a column with this heading @ $.fields[1].column",
        "t.yaml:7: where: behind needs labels @ $.fields[2].where",
        "t.yaml:14: Input should be a valid list @ $.tables[0].columns[1].headings",
        "t.yaml:17: no field is called 'all' @ $.rules[0].sum",
    )


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "t.yaml:1: the file is empty @ $"),
        (b"- 1", "t.yaml:1: must be a mapping (key: value) @ $"),
        (b"a: 1\nb: \xff\xfe", "t.yaml:2: not UTF-8 @ $"),
        (b"a: 1\nb: \x07", "t.yaml:2: not YAML: special characters are not allowed @ $"),
        (b"# " + b"x" * MAX_BYTES, f"t.yaml:1: larger than {MAX_BYTES} bytes @ $"),
        (b"a: b\n---\nc: d", "t.yaml:2: not YAML: but found another document @ $"),
        (b"a: " + b"{b: " * 10_000, "t.yaml:1: nested deeper than 16 levels @ $"),
    ],
)
def test_files_that_are_no_templates(tmp_path: Path, data: bytes, fault: str) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(data)
    with pytest.raises(TemplateError) as caught:
        load_template(path)
    assert caught.value.faults[0] == f"{tmp_path}/{fault}"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.yaml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(TemplateError) as caught:
            load_template(path)
        assert caught.value.faults == (f"{path}:1: cannot be read: {why} @ $",)
