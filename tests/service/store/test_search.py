"""Search finds what stands in a form, on both databases alike, and takes every question for text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from models.errors import UsageError
from service.store.database import SQLITE
from service.store.home import find_home
from service.store.listed import FormFilter
from service.store.listing import list_forms
from service.store.opening import Store, open_store
from service.store.saving import save_document
from service.store.schema import CATALOGUE
from service.store.search import MOST_CHARACTERS, asked, grams, proposed, runs_of, search_values, searchable
from tests.forms.generate import seeded
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, add_read, document_of, form_of, unknown_form


def _projects(store: Store, words: str) -> list[str]:
    return [row.project for row in list_forms(store, FormFilter(text=words)).items]


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        ("环保项目", ("环保项目",)),
        ("ＡＢＣ（２０２０年）①", ("abc", "2020年", "1")),
        ("980,710 元，1,721,494.3", ("980710", "元", "1721494", "3")),
        ("1,2,3", ("1", "2", "3")),
        ("甲_乙 甲", ("甲", "乙")),
        ("——。“”*^()", ()),
        ("\0\ud800", ()),
    ],
)
def test_what_stands_together_is_a_run(words: str, runs: tuple[str, ...]) -> None:
    assert runs_of(words) == runs


def test_up_to_four_neighbours_are_looked_up_but_none_across_a_gap() -> None:
    assert grams("环保 保a") == sorted(["环", "保", "环保", "a", "保a"])
    assert grams("12345 7") == sorted([*"123457", "12", "23", "34", "45", "123", "234", "345", "1234", "2345"])


@pytest.mark.parametrize(
    "words",
    [
        "信息化能力建设",
        "息化",
        "设",
        "信息化能力建设项目二期工程",
        "上海市 信息化",
        "SYSTEM",
        "ｓｙｓ",
        "2020",
        "980710",
        "980,710",
        "度资金",
    ],
)
def test_any_part_of_any_text_finds_the_form(store: Store, words: str) -> None:
    add_read(store, form_of("信息化能力建设项目二期工程(System)"))
    add_read(store, form_of("绿", year="2019", unit="北京"), unknown_form(), content=b"other")
    assert "信息化能力建设项目二期工程(System)" in _projects(store, words)


@pytest.mark.parametrize("words", ["息信", "化建", "信息化设", "资金额", "环保 没有", "部", "20209", "，", "* ", '"', "\0"])
def test_what_does_not_stand_there_finds_nothing(store: Store, words: str) -> None:
    """The characters of 资金额 are all there, and so are its pairs: 资金, 金额."""
    add_read(store, form_of("信息化能力建设，金额 环保"))
    assert _projects(store, words) == []


def test_a_form_that_fits_no_template_is_found_by_its_cells_and_what_stands_beside_them(store: Store) -> None:
    add_read(store, unknown_form())
    assert [len(_projects(store, words)) for words in ("甲", "附注", "乙")] == [1, 1, 0]


@pytest.mark.parametrize(
    "words",
    [
        '环保" OR "x',
        "环保*",
        "NEAR(环 保)",
        "grams:环保",
        "环保 | 绿",
        "!环保 & 绿",
        "'环保':*",
        "环保');--",
        "NOT 环保",
        "%",
        "_",
        "\\",
        "{环保}",
    ],
)
def test_no_operator_gets_through(store: Store, words: str) -> None:
    add_read(store, form_of("环保"))
    add_read(store, form_of("绿化"), content=b"other")
    runs = runs_of(words)
    assert bool(_projects(store, words)) == (runs == ("环保",))


def test_a_question_may_be_as_long_as_a_name_and_no_longer(store: Store) -> None:
    name = "".join(chr(0x4E00 + place) for place in range(MOST_CHARACTERS))
    add_read(store, form_of(name))
    assert _projects(store, name) == [name]
    assert _projects(store, " ".join(name[:100])) == [name]
    with pytest.raises(UsageError, match="too long"):
        asked(name + "项")


def test_a_correction_is_found_at_once_and_what_it_replaced_no_more(store: Store) -> None:
    sha256 = add_read(store, form_of("土壤污染防治"))
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "大气污染防治", "li"))
    assert _projects(store, "大气污染") == ["大气污染防治"]
    assert _projects(store, "土壤") == []


def test_a_newer_reading_takes_the_place_of_the_older(store: Store) -> None:
    sha256 = add_read(store, form_of("土壤"), form_of("大气"))
    save_document(store, sha256, "4+a", document_of(sha256, form_of("流域")))
    assert [_projects(store, words) for words in ("土壤", "大气", "流域")] == [[], [], ["流域"]]


@pytest.mark.parametrize("bounds", [(2, 1000, 1000, 3000), (2, 1, 2, 3), (100, 1000, 1000, 3000)])
def test_both_databases_find_what_a_plain_look_through_all_texts_finds(
    store: Store, monkeypatch: pytest.MonkeyPatch, bounds: tuple[int, ...]
) -> None:
    """Few characters, so that most grams are in most forms; few forms looked at, so that pages end before the index has no more.

    None of the characters stands in what `form_of` adds.
    """
    for name, bound in zip(("_LOOKED_AT", "_NARROW", "_MOST_TEXTS", "_MOST_ENTRIES"), bounds, strict=True):
        monkeypatch.setattr(f"service.store.searching.{name}", bound)
    rng = seeded("search")
    names = [f"{number:03}{''.join(rng.choices('甲乙34４，', k=rng.randint(0, 24)))}" for number in range(40)]
    for name in names:
        add_read(store, form_of(name, year=str(2018 + len(name) % 3)), content=name.encode())
    for _ in range(100):
        drawn, of = rng.choice(names), rng.randint(1, 6)
        start = rng.randrange(len(drawn))
        words = drawn[start : start + of] if rng.random() < 0.5 else "".join(rng.choices("甲乙34４， ", k=of)).strip() or "甲"
        year = rng.choice((None, 2019))
        texts = {name: searchable([name]) for name in names if year is None or 2018 + len(name) % 3 == year}
        runs = runs_of(words)
        expected = [name for name in reversed(names) if runs and name in texts and all(run in texts[name] for run in runs)]
        assert _all_pages(store, FormFilter(text=words, year=year)) == expected, words


def _all_pages(store: Store, wanted: FormFilter) -> list[str]:
    found, after = [], ""
    while True:
        page = list_forms(store, wanted, after, limit=5)
        found += [row.project for row in page.items]
        if not page.next:
            return found
        assert page.next != after
        after = page.next


def test_a_page_ends_before_all_that_looks_like_a_hit_is_looked_through(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All grams of 甲甲甲甲乙乙乙乙 stand in the newer forms, but apart; the next page goes on where the first has ended."""
    for name, bound in (("_LOOKED_AT", 1), ("_NARROW", 1), ("_MOST_TEXTS", 3)):
        monkeypatch.setattr(f"service.store.searching.{name}", bound)
    apart = "甲甲甲甲乙，甲甲甲乙乙，甲甲乙乙乙，甲乙乙乙乙"
    for number, name in enumerate(["甲甲甲甲乙乙乙乙", *[apart] * 6]):
        add_read(store, form_of(name), content=str(number).encode())
    wanted = FormFilter(text="甲甲甲甲乙乙乙乙")
    first = list_forms(store, wanted)
    assert (first.items, bool(first.next)) == ((), True)
    assert _all_pages(store, wanted) == ["甲甲甲甲乙乙乙乙"]


@pytest.mark.postgres
@given(st.text(st.sampled_from("项目支出a1A𠀀 '{}\\\",%\N{COMBINING ACUTE ACCENT}é"), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_postgresql_cuts_texts_as_python_does(postgres_store: Store, words: str) -> None:
    searched = searchable([words])
    with postgres_store.database.reading() as connection:
        assert sorted(set(connection.scalar(select(func.search_grams(searched))) or [])) == grams(searched)


@pytest.fixture
def postgres_store(postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty archive on PostgreSQL."""
    with open_store(find_home(str(tmp_path), postgres_url, None, {})) as opened:
        yield opened


def test_the_index_of_sqlite_forgets_what_it_was_given(tmp_path: Path) -> None:
    with open_store(find_home(str(tmp_path), None, None, {})) as store:
        sha256 = add_read(store, form_of("土壤"))
        correct(store, Correction(sha256, 1, 1, "fields.project_name", "大气", "li"))
        save_document(store, add(store, b"b"), "3+a", document_of(sha256))
        with store.database.writing() as connection:
            connection.execute(text("INSERT INTO search (search) VALUES ('integrity-check')"))
            (entry,) = connection.scalars(select(CATALOGUE.c.id))
            for word, found in (("土壤", []), ("大气", [entry])):
                assert list(connection.scalars(proposed(SQLITE), search_values(SQLITE, (word,)))) == found
