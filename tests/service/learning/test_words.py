"""Names that come back on approved forms."""

from service.learning.words import words_of
from service.store.opening import Store
from tests.service.learning.samples import add_form, approve, form, read


def test_a_text_is_a_word_once_enough_approved_forms_hold_it(store: Store) -> None:
    for place in range(3):
        rows = [{"level3": read("培训人数", 1)}, {"level3": read("培训人数", 2)}, {"level3": read(f"第{place}项", 3)}]
        once = form({"department": read("上海市（某）局" if place else "上海市(某)局"), "project_name": read("运维")}, rows)
        approve(store, f"{place}", once, once)
    waiting = form({"department": read("未通过局")})
    for place in range(3):
        add_form(store, f"waiting {place}", waiting)
    assert words_of(store) == {
        "department": ("上海市（某）局",),
        "implementing_unit": (),
        "applicant_unit": (),
        "project_name": ("运维",),
        "indicators.level3": ("培训人数",),
    }
    assert words_of(store, 4)["project_name"] == ()
    assert set(words_of(store, 1)["indicators.level3"]) == {"培训人数", "第0项", "第1项", "第2项"}


def test_prose_and_what_no_print_shows_are_no_words(store: Store) -> None:
    odd = form({"department": read("长" * 101), "implementing_unit": read("局"), "project_name": read("a\u202eb局")})
    for place in range(3):
        approve(store, f"{place}", odd, odd)
    assert not any(words_of(store).values())
