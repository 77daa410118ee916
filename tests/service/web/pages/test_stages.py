"""What a page says of a document as it is sent, and its script as the document comes along: the same words."""

from dataclasses import asdict
from itertools import combinations_with_replacement, product

import pytest
from playwright.sync_api import Browser

from models.form import Problem, Review
from service.access.roles import Role
from service.store.documents import State
from service.store.progress import FormHead, Progress
from service.store.reviewed import Reviewed, ReviewedState
from service.web.pages.assets import PATH
from service.web.pages.catalogue import Language, say
from service.web.pages.standing import Standing
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import live

SAID = [Reviewed(state, "", "", taken) for state, taken in product(ReviewedState, ("", "李四"))]
FORMS = [(), *((one,) for one in SAID), *combinations_with_replacement(SAID, 2)]


def standing(state: State, said: tuple[Reviewed, ...]) -> Standing:
    forms = tuple(FormHead(number, "self_evaluation", 1, Review.CLEAR, each) for number, each in enumerate(said, 1))
    return Standing("a.pdf", Progress("0" * 64, "a.pdf", 1, state, 1, 1, None, "", Problem(0, "", ""), forms, "", ""))


def test_a_page_and_its_script_call_every_stage_alike(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    all_of_them = [standing(State.DONE, said) for said in FORMS] + [standing(state, ()) for state in State]
    told = [
        {"state": each.progress.state, "forms": [{"reviewed": asdict(form.reviewed)} for form in each.progress.forms]}
        for each in all_of_them
    ]
    with live(tmp_path_factory.mktemp("home")) as service, window(browser, service) as shown:
        shown.open("/login")
        shown.log_in(Role.ADMIN)
        words = shown.page.evaluate(
            """async ([path, told]) => {
              const { stageOf } = await import(`${path}/watch.js`);
              const { stageWord } = await import(`${path}/wording.js`);
              return told.map((each) => stageWord(stageOf(each)));
            }""",
            [PATH, told],
        )
    assert words == [say(Language.CHINESE, each.stage.word) for each in all_of_them]
