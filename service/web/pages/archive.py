"""The archive's pages: documents by state, forms by what stands in them, and one document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Response

from layouts.template_file import builtin_templates
from models.form import Problem
from service.store.documents import State
from service.store.listed import FormRow
from service.store.listing import list_documents, list_forms
from service.store.reading import document
from service.store.reviewed import ReviewedState
from service.web.documents import Id
from service.web.names import renamed
from service.web.pages.asking import Asked, AskedFor
from service.web.pages.render import render
from service.web.pages.route import PageRoute
from service.web.pages.standing import Standing, standings
from service.web.pages.visit import Person
from service.web.running import Run
from service.web.seen import seen_document, shown_name

router = APIRouter(route_class=PageRoute, include_in_schema=False)

ROWS: Final = 50
"""Of one page: two screens."""

KINDS: Final = ("self_evaluation", "performance_target", "unknown")
RULES: Final = tuple(dict.fromkeys(rule.id for template in builtin_templates() for rule in template.rules))


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """A page of the list of documents; ``next`` is empty on the last."""

    asked: Asked
    rows: Sequence[Standing]
    next: str
    states: tuple[State, ...] = tuple(State)


@dataclass(frozen=True, slots=True)
class FormsPage:
    """A page of the list of forms; ``next`` is empty on the last."""

    asked: Asked
    rows: Sequence[FormRow]
    next: str
    kinds: tuple[str, ...] = KINDS
    rules: tuple[str, ...] = RULES
    states: tuple[ReviewedState, ...] = tuple(ReviewedState)


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document: how far it has come, and what was wrong with its pages."""

    standing: Standing
    problems: Sequence[Problem]


@router.get("/documents")
def documents(running: Run, visit: Person, asked: AskedFor) -> Response:
    """What came last first."""
    found = list_documents(running.store, asked.documents(visit.someone.sees), asked.after, ROWS)
    page = DocumentsPage(asked, standings(running.store, found.items), asked.page(found.next) if found.next else "")
    return render(visit, "documents.html", page)


@router.get("/forms")
def forms(running: Run, visit: Person, asked: AskedFor) -> Response:
    """Forms that a filter and words find, the newest record first."""
    found = list_forms(running.store, asked.forms(visit.someone.sees), asked.after, ROWS)
    return render(visit, "forms.html", FormsPage(asked, found.items, asked.page(found.next) if found.next else ""))


@router.get("/documents/{id}")
def one(running: Run, visit: Person, id: Id) -> Response:  # noqa: A002  the name in addresses
    """How far a document has come; its forms, pages and downloads."""
    progress = seen_document(running, visit.someone, id)
    found = document(running.store, id)
    name = shown_name(running, visit.someone, progress)

    def told(problem: Problem) -> Problem:
        return replace(problem, message=renamed(problem.message, progress.name, name))

    standing = Standing(name, replace(progress, error=told(progress.error)))
    return render(visit, "document.html", DocumentPage(standing, tuple(map(told, found.problems)) if found is not None else ()))
