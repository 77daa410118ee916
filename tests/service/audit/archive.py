"""Archives for the audit: offices, their projects over some years, forms that agree, and breaks planted into them.

Forms are made directly, without paper or scan. What one office prints differs from the next in ways that mean nothing: 元 or 万元, digits,
width and brackets, a year in the name, 项目 behind it, and characters that were misread where the field is doubtful.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from models.form import Field, Form, Status
from models.template import ValueKind
from postprocess.values import parse_value
from service.audit import AuditRule
from service.audit.names import DISTINGUISHING
from service.store.stored import StoredForm
from tests.forms.words import WORDS
from tests.postprocess.records import SELF_EVALUATION, SOURCES, TARGET, record

FIRST_YEAR = 2019
TWINS = ("数据中心机房维护", "数据中心机房养护")
"""Names that a misread character may come from alike."""

TWIN_MISREAD = "数据中心机房雄护"
AIMS = (
    ("培训覆盖人数", "≥{n}人次"),
    ("系统故障修复率", "={p}%"),
    ("经费支付及时性", "{year}年12月底前"),
    ("服务对象满意度", "≥{p}%"),
    ("设备验收合格率", "{p}%"),
    ("管理制度健全性", "健全"),
)
STRANGE = "囤雹蒜靴瘫"
"""What a recognizer makes of a character that it cannot read."""


@dataclass(frozen=True, slots=True)
class Office:
    """A unit and how it prints.

    Attributes:
        name: of the unit.
        department: above it.
        self_unit: 元 or 万元 on its self-evaluations.
        target_unit: on its target forms, where no field says it.
        places: decimals in 万元.
        files_targets: it has target forms at all.
    """

    name: str
    department: str
    self_unit: str
    target_unit: str
    places: int
    files_targets: bool


@dataclass(slots=True)
class Sheet:
    """A form to be made: what it will print, and which of its cells are doubtful."""

    project: int
    kind: str
    year: int
    office: Office
    fields: dict[str, str]
    tables: dict[str, list[dict[str, str]]]
    document: str = ""
    doubtful: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Break:
    """What was planted: a finding about a project (by number) and year."""

    rule: AuditRule
    project: int
    year: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the archive: money in 元 by year, aims with weights."""

    number: int
    office: Office
    name: str
    years: range
    budget: dict[int, Decimal]
    spent: dict[int, Decimal]
    total: Decimal
    aims: tuple[tuple[str, str, int], ...]


def archive(seed: int, units: int = 8, projects: int = 5, years: int = 5, *, noise: bool = True, town: str = "") -> list[Sheet]:
    """Sheets that agree with each other: ``units`` offices with so many projects each, over ``years`` years.

    ``town`` stands in the names of the offices, so that several archives can be one.
    """
    rng = random.Random(seed)  # noqa: S311
    return [
        sheet
        for office_projects in _offices(rng, (units, projects, years), town)
        for one in office_projects
        for sheet in _sheets(rng, one, noise)
    ]


def stored(sheets: list[Sheet]) -> Iterator[StoredForm]:
    """The sheets as forms of the store, several to a document."""
    for (digest, number), sheet in places(sheets).items():
        yield StoredForm(digest, number, 1, _document(sheet), sheet.year, sheet.office.name, _form(sheet))


def places(sheets: list[Sheet]) -> dict[tuple[str, int], Sheet]:
    """Each sheet by document and number, as `stored` gives them."""
    numbers: Counter[str] = Counter()
    found = {}
    for sheet in sheets:
        digest = hashlib.sha256(_document(sheet).encode()).hexdigest()
        numbers[digest] += 1
        found[digest, numbers[digest]] = sheet
    return found


def _document(sheet: Sheet) -> str:
    return sheet.document or f"{sheet.year}/{sheet.office.name}/{sheet.kind}.pdf"


def _offices(rng: random.Random, size: tuple[int, int, int], town: str) -> Iterator[list[Project]]:
    """Every third project begins or ends within the archive; one office in eight has no target forms."""
    units, projects, years = size
    names = [(place, domain, unit) for place in WORDS.places for domain in WORDS.domains for unit in domain.units]
    for count, (place, domain, unit) in enumerate(rng.sample(names, units)):
        city = place.partition("市")[0] + "市" if "市" in place else place
        printed = rng.choice(("元", "万元"))
        places = rng.choice((2, 4, 6))
        office = Office(place + town + unit, city + domain.bureau, printed, rng.choice(("元", "万元")), places, count % 8 != 7)
        common = ["业务用房改造（一期）", "业务用房改造（二期）", *domain.projects]
        known = (
            ["信息化运维", *TWINS, *rng.sample(common, len(common))] if count % 4 == 0 else ["信息化运维", *rng.sample(common, len(common))]
        )
        yield [_project(rng, office, count * projects + nth, known[nth], years) for nth in range(projects)]


def _project(rng: random.Random, office: Office, number: int, name: str, years: int) -> Project:
    last = FIRST_YEAR + years
    span = range(FIRST_YEAR + rng.randint(0, 1), last - rng.randint(0, 1)) if number % 3 == 2 and years > 3 else range(FIRST_YEAR, last)
    budget = {year: Decimal(rng.randrange(3_000_000, 900_000_000)) / 100 for year in span}
    spent = {year: (budget[year] * rng.randint(800, 1000) / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP) for year in span}
    shares = (20, 20, 10, 10, 20, 10)
    aims = [
        (aim, target.replace("{n}", str(rng.randint(20, 900))).replace("{p}", str(rng.randint(85, 99))), share)
        for (aim, target), share in zip(AIMS, shares, strict=True)
    ]
    return Project(number, office, name, span, budget, spent, sum(budget.values(), Decimal(0)), tuple(aims))


def _sheets(rng: random.Random, project: Project, noise: bool) -> Iterator[Sheet]:
    style = rng.choice(("{}", "{}项目", "{year}年{}", "{}（{year}年度）"))
    for year in project.years:
        if project.office.files_targets:
            yield _noisy(rng, _target(rng, project, year, style), noise)
        yield _noisy(rng, _self(rng, project, year, style), noise)


def _target(rng: random.Random, project: Project, year: int, style: str) -> Sheet:
    office, prior = project.office, year - 1 in project.years
    suffix = office.target_unit if rng.random() < 0.3 else ""
    money = {
        "total_budget": project.total,
        "current_budget": project.budget[year],
        "prior_budget": project.budget[year - 1] if prior else None,
        "prior_executed": project.spent[year - 1] if prior else None,
    }
    fields = {name: "" if value is None else _money(value, office.target_unit, office.places) + suffix for name, value in money.items()}
    fields |= {"year": str(year), "applicant_unit": _printed(rng, office.name), "project_name": _name(rng, project, year, style)}
    fields |= {"start_date": f"{project.years[0]}-01-01", "end_date": f"{project.years[-1]}-12-31"}
    rows = [{"level1": "产出目标", "level3": aim, "target": target.replace("{year}", str(year))} for aim, target, _ in project.aims]
    rows.append({"level1": "投入与管理", "level3": "预算执行率", "target": "=100%"})
    return Sheet(project.number, TARGET.kind, year, office, fields, {"indicators": rows})


def _self(rng: random.Random, project: Project, year: int, style: str) -> Sheet:
    office = project.office
    budget, spent = (_money(amount[year], office.self_unit, office.places) for amount in (project.budget, project.spent))
    rate = project.spent[year] / project.budget[year] * 100
    head = {"source": SOURCES[0], "initial_budget": budget, "annual_budget": budget, "executed": spent, "weight": "10"}
    head |= {"execution_rate": f"{rate:.2f}%", "score": f"{rate / 10:.2f}"}
    rows = []
    for aim, target, weight in project.aims:
        lost = rng.choice((0, 0, 0, 1))
        text = target.replace("{year}", str(year)).replace("≥", rng.choice(("≥", "")))
        why = "疫情影响，下年改进" if lost else ""
        rows.append(
            {"level1": "产出指标", "level3": aim, "target": text, "weight": str(weight), "score": str(weight - lost), "deviation": why}
        )
    total = sum(Decimal(row["score"]) for row in (head, *rows))
    fields = {"year": str(year), "department": office.department, "implementing_unit": _printed(rng, office.name)}
    fields |= {"project_name": _name(rng, project, year, style), "currency_unit": office.self_unit}
    fields |= {"total_weight": "100", "total_score": str(total)}
    return Sheet(project.number, SELF_EVALUATION.kind, year, office, fields, {"funds": [head], "indicators": rows})


def _money(yuan: Decimal, unit: str, decimals: int) -> str:
    if unit == "元":
        return f"{yuan:,.2f}"
    return f"{(yuan / 10000).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def _name(rng: random.Random, project: Project, year: int, style: str) -> str:
    return _printed(rng, style.replace("{}", project.name).replace("{year}", str(year)))


def _printed(rng: random.Random, text: str) -> str:
    """The same in other widths and brackets, or with a space."""
    match rng.randrange(5):
        case 0:
            return text.replace("（", "(").replace("）", ")")
        case 1:
            return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isdigit() else char for char in text)
        case 2:
            place = rng.randrange(len(text))
            return text[:place] + " " + text[place:] if not (text[place - 1 : place] + text[place]).isdigit() else text
        case _:
            return text


def _noisy(rng: random.Random, sheet: Sheet, noise: bool) -> Sheet:
    """Now and then a misread name, unit or amount; doubtful, as a misread field is."""
    if not noise or rng.random() > 0.12:
        return sheet
    unit = "applicant_unit" if sheet.kind == TARGET.kind else "implementing_unit"
    money = "fields.current_budget" if sheet.kind == TARGET.kind else "tables.funds[0].executed"
    where = rng.choice(("fields.project_name", f"fields.{unit}", money))
    sheet.doubtful.add(where)
    if where == money:
        row, name = (sheet.fields, "current_budget") if sheet.kind == TARGET.kind else (sheet.tables["funds"][0], "executed")
        row[name] = row[name].replace(row[name][0], str(int(row[name][0]) % 9 + 1), 1)
    else:
        name = where.removeprefix("fields.")
        sheet.fields[name] = misread(rng, sheet.fields[name])
    return sheet


def misread(rng: random.Random, text: str) -> str:
    """One character of ``text`` turned into a strange one; none that tells one of a series from the next."""
    known = [
        place
        for place, char in enumerate(text)
        if char.isalpha() and not char.isascii() and char not in DISTINGUISHING | set("省市县区期年度维养项目")
    ]
    place = rng.choice(known)
    return text[:place] + rng.choice(STRANGE) + text[place + 1 :]


def _form(sheet: Sheet) -> Form:
    template = SELF_EVALUATION if sheet.kind == SELF_EVALUATION.kind else TARGET
    return doubtful(record(template, sheet.fields, sheet.tables), sheet.doubtful)


def doubtful(form: Form, paths: Collection[str]) -> Form:
    """``form`` with the fields at ``paths`` doubtful."""

    def seen(cell: Field, path: str) -> Field:
        return replace(cell, status=Status.DOUBTFUL, confidence=0.6) if path in paths else cell

    fields = {name: seen(cell, f"fields.{name}") for name, cell in form.fields.items()}
    tables = {
        table: tuple({name: seen(cell, f"tables.{table}[{row}].{name}") for name, cell in cells.items()} for row, cells in enumerate(rows))
        for table, rows in form.tables.items()
    }
    return replace(form, fields=fields, tables=tables)


def shifted(text: str, percent: int) -> str:
    """An amount as printed, changed by so many percent."""
    unit = text[len(text.rstrip("万元")) :]
    value = parse_value(text, ValueKind.AMOUNT)
    assert isinstance(value, Decimal)
    return f"{(value * (100 + percent) / 100).quantize(value):,f}{unit}"
