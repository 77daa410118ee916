"""One catalogue: complete in both languages, nothing missing, nothing left over."""

import re
from collections.abc import Set
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.template_file import builtin_templates
from models import errors
from models.form import Status, Verdict
from models.template import Severity
from postprocess.equations import Truth
from service.access.roles import Role
from service.learning.comparing import Source
from service.learning.slips import Slip
from service.review.keying import Keying
from service.review.queued import Order
from service.review.wording import ACTIONS
from service.store.documents import State
from service.store.reviewed import ReviewedState
from service.web import pages
from service.web.pages.archive import KINDS
from service.web.pages.catalogue import Language, language_of, say, texts
from service.web.pages.reviews import Tab
from service.web.pages.standing import Stage

FOLDER = Path(pages.__file__).parent
CHINESE, ENGLISH = (texts(language) for language in Language)

_KEY = re.compile(r"""["']([a-z_]+)\.([\w-]+)["']""")
_FILES = {"html", "js", "toml"}

NAMED: dict[str, Set[str]] = {
    "state": set(State),
    "role": set(Role),
    "role_may": set(Role),
    "status": {*Status, "settled"},
    "sign": set(Status) - {Status.READ} | {"finding", "settled"},
    "severity": set(Severity),
    "verdict": set(Verdict),
    "language": set(Language),
    "source": set(Source),
    "slip": set(Slip),
    "review_state": {*ReviewedState, "taken"},
    "truth": {*Truth, "open"},
    "keying": set(Keying),
    "keying_sign": set(Keying),
    "action": {*ACTIONS, "confirm", "redo", "turn"},
    "kind": set(KINDS),
    "order": set(Order),
    "template": {template.name for template in builtin_templates()},
    "field": {spec.name for template in builtin_templates() for spec in template.fields}
    | {f"{table.name}.{column.name}" for template in builtin_templates() for table in template.tables for column in table.columns},
    "rule": {rule.id for template in builtin_templates() for rule in template.rules},
}
"""Parts whose keys are the names of something."""


def used() -> set[str]:
    """Keys that stand in templates, modules and scripts."""
    sources = [path for kind in ("*.py", "templates/*.html", "static/*.js", "static/review/*.js") for path in FOLDER.glob(kind)]
    parts = {key.partition(".")[0] for key in CHINESE}
    written = _KEY.findall("\n".join(path.read_text("utf-8") for path in sources))
    return {f"{part}.{name}" for part, name in written if part in parts and name not in _FILES}


def subclasses(kind: type[errors.FormTallyError]) -> set[type[errors.FormTallyError]]:
    return {kind}.union(*(subclasses(each) for each in kind.__subclasses__()))


def test_every_key_that_is_used_is_there() -> None:
    assert used() - set(CHINESE) == set()


def test_every_key_that_is_there_is_used() -> None:
    named = {f"{part}.{name}" for part, names in NAMED.items() for name in names}
    assert {key for key in CHINESE if key.partition(".")[0] != "error"} - used() - named == set()


@pytest.mark.parametrize("named", [*Stage, *Tab])
def test_whatever_stands_somewhere_has_a_word(named: Stage | Tab) -> None:
    assert named.word in CHINESE


@pytest.mark.parametrize("part", NAMED)
def test_whatever_has_a_name_has_a_word(part: str) -> None:
    assert {key.partition(".")[2] for key in CHINESE if key.partition(".")[0] == part} == {str(name) for name in NAMED[part]}


def test_every_error_that_can_reach_a_page_has_a_sentence() -> None:
    roots = {errors.FormTallyError, errors.InputError, errors.AccessError, errors.RequestError, errors.RetryLaterError}
    of_sending = {errors.ServiceError, errors.ServiceUnreachableError, errors.ServiceAnswerError}
    others = {errors.TemplateError, errors.OutputError, *of_sending}  # of the command line
    codes = {kind.code for kind in subclasses(errors.FormTallyError) - roots - others} | {"error"}
    assert {key.partition(".")[2] for key in CHINESE if key.startswith("error.")} == codes


@pytest.mark.parametrize("key", CHINESE)
def test_both_languages_say_the_same(key: str) -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert places(CHINESE[key]) == places(ENGLISH[key])
    assert CHINESE[key].strip()
    assert ENGLISH[key].strip()


def test_values_are_data() -> None:
    assert say(Language.ENGLISH, "users.role_of", name="{0.__class__} {name}") == "Role of '{0.__class__} {name}'"


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", Language.CHINESE),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", Language.CHINESE),
        ("", "en-GB,en;q=0.9,zh;q=0.8", Language.ENGLISH),
        ("", "de-DE,de;q=0.9,en;q=0.5", Language.ENGLISH),
        ("", "en;q=0.3,zh-TW;q=0.7", Language.CHINESE),
        ("", "en;q=0, fr", Language.CHINESE),
        ("", "en;q=much", Language.CHINESE),
        ("en", "zh-CN", Language.ENGLISH),
        ("zh-CN", "en", Language.CHINESE),
        ("klingon", "en", Language.ENGLISH),
    ],
)
def test_a_choice_goes_before_the_browser_and_chinese_before_what_neither_is(chosen: str, accepted: str, language: Language) -> None:
    assert language_of(chosen, accepted) is language


@given(st.text(), st.text(alphabet="zhen-CNq=;,.0123456789 *"))
def test_any_header_has_a_language(chosen: str, accepted: str) -> None:
    assert language_of(chosen, accepted) in Language
