"""Pages that are sent in two parts."""

import logging

import pytest
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from service.access.identity import Identity
from service.access.roles import Role
from service.web.pages.catalogue import Language
from service.web.pages.render import render_in_parts
from service.web.pages.visit import Visit


class Late:
    """What a page shows, of which only the head can be made."""

    project, name, scripts = "测试", "a.pdf", ()
    id, document, pages, kind = "0.1", "0", 1, "self_evaluation"

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"{name} fails")


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    visit = Visit(Request(scope).url.path, "", Language.CHINESE, Identity("甲", Role.REVIEWER))
    await render_in_parts(visit, "review.html", Late(), "request-1", BackgroundTask(lambda: None))(scope, receive, send)


def test_a_page_whose_rest_fails_says_so_and_the_log_tells_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "formtally.web"):
        reply = TestClient(page).get("/review/0.1")
    assert reply.text.count("<body") == 1
    assert reply.text.endswith("</html>")
    assert "出错了" in reply.text
    assert "request-1" in reply.text
    assert "fails" in caplog.text
