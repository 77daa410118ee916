"""The pages of a document: what was read on each, by the version of the pipeline that read it."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, select

from models.form import Problem
from service.store.documents import NO_ERROR
from service.store.opening import Store
from service.store.schema import PAGES
from service.store.writing import Values, plain, put

TURNED = ".turned-"
"""Stands in the version of a page that a person has turned, kept beside the one that the machine read."""


class PageState(StrEnum):
    """What came of a page."""

    READ = "read"
    PROBLEM = "problem"


def keep_page(store: Store, sha256: str, page: int, version: str, content: bytes) -> None:
    """Keep what was read on a page, as `service.content_file.encode` wrote it, in place of what was kept before.

    Args:
        store: where to.
        sha256: the document.
        page: from 1.
        version: of the pipeline that read it.
        content: the bytes.

    Raises:
        StoreError: it was not kept.
    """
    digest = store.contents.keep(sha256, version, page, content)
    with store.database.writing() as connection:
        put(connection, PAGES, _page_row(sha256, version, page, digest, NO_ERROR))


def turned_version(version: str, turns: int) -> str:
    """Under what a page is kept that ``version`` of the pipeline was told to read turned by so many quarters (0-3, clockwise)."""
    return f"{version}{TURNED}{turns}"


def page_content(store: Store, sha256: str, page: int, version: str) -> bytes | None:
    """What `keep_page` kept; None where nothing was.

    Raises:
        StoreDamagedError: it is no longer what was kept.
    """
    with store.database.reading() as connection:
        digest = connection.scalar(select(PAGES.c.content_sha256).where(page_key(sha256, page, version)))
    return store.contents.content(sha256, version, page, digest) if digest else None


def note_problem(connection: Connection, sha256: str, version: str, problem: Problem) -> None:
    """Write down what went wrong with a page; what was read of it all the same is kept."""
    digest = connection.scalar(select(PAGES.c.content_sha256).where(page_key(sha256, problem.page, version)))
    put(connection, PAGES, _page_row(sha256, version, problem.page, digest or "", problem))


def page_key(document: str, page: int, version: str) -> ColumnElement[bool]:
    """The condition that picks one page of one reading."""
    return and_(PAGES.c.document == document, PAGES.c.number == page, PAGES.c.version == version)


def _page_row(sha256: str, version: str, page: int, digest: str, problem: Problem) -> Values:
    return {
        "document": sha256,
        "number": page,
        "version": version,
        "state": (PageState.PROBLEM if problem.code else PageState.READ).value,
        "content_sha256": digest,
        "problem_code": problem.code,
        "problem": plain(problem.message),
    }
