"""What the documents say exists in the code, and what the code has is documented."""

import argparse
import re
from pathlib import Path

import pytest

from layouts.template_file import builtin_templates
from models.errors import ExitCode
from models.form import Review, Status, Verdict
from models.template import Severity, Template
from service.cli import build_parser
from service.document_shape import CellJson, DocumentJson, FieldJson, FindingJson, FormJson
from service.outcome import State
from service.settings import (
    LEARNED_HELP,
    LEARNED_OPTION,
    LEARNED_VARIABLE,
    SETTINGS,
    TARGET_ERROR,
    TARGET_ERROR_HELP,
    TARGET_ERROR_OPTION,
    TARGET_ERROR_VARIABLE,
)
from service.summary import InputJson, SummaryJson, TallyJson

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
RECORDS = (ROOT / "docs/records.md").read_text("utf-8")


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Every command with its parser, actions of a command as two words."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                deeper = _commands(below)
                found |= {f"{name} {word}": command for word, command in deeper.items()} or {name: below}
    return found


COMMANDS = _commands(build_parser())


def _options(command: str) -> set[str]:
    return {option for action in COMMANDS[command]._actions for option in action.option_strings} - {"-h", "--help"}


def _rows(text: str, heading: str) -> list[list[str]]:
    """The body of the table whose first column has this heading."""
    table = text[text.index(f"| {heading} |") :].split("\n\n", maxsplit=1)[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(document: Path) -> None:
    for words in re.findall(
        r"formtally ((?:[a-z]+ ?)+|--[a-z]+)", re.sub(r"`{3}.*?`{3}", "", document.read_text("utf-8"), flags=re.DOTALL)
    ):
        first = words.split()[0]
        known = {name.split()[0] for name in COMMANDS} | {"--help", "--version"}
        assert first in known, f"{document.name}: formtally {words}"


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_is_documented() -> None:
    everything = "".join(path.read_text("utf-8") for path in DOCS)
    assert [name for name in COMMANDS if f"formtally {name}" not in everything] == []


def test_every_make_target_that_is_named_exists_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for path in DOCS for name in re.findall(r"(?:`|    )make ([a-z-]+)", path.read_text("utf-8"))}
    assert named <= targets
    assert {"setup", "demo", "check", "lock", "bundle", "check-bundle"} <= named


def test_the_table_of_options_is_that_of_the_command() -> None:
    rows = {row[0].strip("`"): row[1:] for row in _rows(OPERATIONS, "option")}
    assert set(rows) == _options("digitize")
    for setting in SETTINGS:
        variable, default, meaning = rows[setting.option]
        assert (variable, default, meaning) == (f"`{setting.variable}`", str(setting.default), setting.help)
    assert rows[TARGET_ERROR_OPTION] == [f"`{TARGET_ERROR_VARIABLE}`", TARGET_ERROR, TARGET_ERROR_HELP]
    assert rows[LEARNED_OPTION] == [f"`{LEARNED_VARIABLE}`", "–", LEARNED_HELP]
    own = {setting.option for setting in SETTINGS} | {TARGET_ERROR_OPTION, LEARNED_OPTION}
    assert {row[0] for option, row in rows.items() if option not in own} == {"–"}


def test_every_option_that_is_named_exists() -> None:
    known = {option for command in COMMANDS for option in _options(command)} | {"--version", "--help"}
    known |= set(re.findall(r"--[a-z-]+", (ROOT / "scripts/bundle/install").read_text("utf-8").splitlines()[2]))
    named = {
        option
        for path in DOCS
        for option in re.findall(r"`(--[a-z-]+)`|formtally[^\n]* (--[a-z-]+)", path.read_text("utf-8"))
        for option in option
    }
    assert named - {""} <= known


def test_the_table_of_exit_codes_is_the_enum() -> None:
    assert [int(row[0]) for row in _rows(OPERATIONS, "exit code")] == [code.value for code in ExitCode]


def test_the_table_of_rules_is_that_of_the_templates() -> None:
    rules = {
        (rule.id, template.kind, rule.severity.value)
        for template in builtin_templates()
        for rule in template.rules
        if template.kind != "unknown"
    }
    kinds = {template.kind for template in builtin_templates()}
    told = {
        (name.strip("`"), kind, severity)
        for name, forms, _, severity in _rows(RECORDS, "rule")
        for kind in (kinds if forms == "both" else {forms})
    }
    assert told == rules


@pytest.mark.parametrize("template", builtin_templates(), ids=lambda template: template.kind)
def test_the_names_are_those_of_the_templates(template: Template) -> None:
    section = RECORDS[RECORDS.index(f"### {template.kind}") :]
    told = {where: re.findall(r"`(\w+)`", names) for where, names in _rows(section, "where")}
    assert told.pop("fields") == [field.name for field in template.fields]
    assert told == {table.name: [column.name for column in table.columns] for table in template.tables}


def test_the_keys_of_a_record_are_documented() -> None:
    keys = {
        name for model in (FormJson, FindingJson, CellJson, InputJson, TallyJson, SummaryJson, DocumentJson) for name in model.model_fields
    }
    assert {key for key in keys - {"schema_name"} if f"`{key}`" not in RECORDS and f'"{key}"' not in RECORDS} == set()
    assert [key for row in _rows(RECORDS, "key") for key in re.findall(r"`(\w+)`", row[0])] == [
        *("text", "value", "value_type", "page", "box", "confidence", "status", "alternatives", "read_as", "seal", "looks", "protected")
    ]
    assert set(FieldJson.model_fields) == {key for row in _rows(RECORDS, "key") for key in re.findall(r"`(\w+)`", row[0])}


def test_the_words_of_a_record_are_documented() -> None:
    words = {str(word) for family in (Status, Verdict, Severity, Review, State) for word in family}
    assert {word for word in words if f"`{word}`" not in RECORDS and f'"{word}"' not in RECORDS} == set()
