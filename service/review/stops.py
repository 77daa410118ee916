"""In which order a reviewer goes over a form: what is no value of its kind, then what broken rules name, then doubts, then what two key."""

from collections.abc import Collection

from models.form import Field, Form, Status
from models.template import Template, ValueKind
from postprocess.names import Names
from postprocess.places import cells_of
from service.store.form_rows import fields_of
from service.store.reviews import doubts_of, open_findings

_TYPED = frozenset({ValueKind.TEXT})


def stops(form: Form, template: Template | None, closed: Collection[int] = (), unkeyed: Collection[str] = ()) -> tuple[str, ...]:
    """Paths of the fields of ``form`` that a person must look at, the first first; of a cell that spans rows the first.

    Args:
        form: the record.
        template: that it was read by; None for a form of kind unknown.
        closed: places of the findings that people have closed.
        unkeyed: paths of the fields that two people must key yet. They come last and as they stand on the paper, to be keyed in one go;
            findings that name one of them accuse nobody before.
    """
    every, known = doubts_of(form, unkeyed), fields_of(form)
    doubts = [path for path in every if path not in unkeyed]
    shapeless = _shapeless(form, template)
    spoken = [finding for finding in open_findings(form, frozenset(closed)) if not any(path in unkeyed for path in finding.cells)]
    broken = [path for finding in spoken for path in finding.cells if path in known]
    accused = [path for path in dict.fromkeys(broken) if path in doubts or known[path].status is Status.READ]
    unsure = sorted(doubts, key=lambda path: known[path].confidence)
    ordered = [*(path for path in doubts if path in shapeless), *_least_sure_first(accused, known), *unsure, *every]
    return tuple(dict.fromkeys(ordered))


def _least_sure_first(paths: Collection[str], known: dict[str, Field]) -> list[str]:
    return sorted(paths, key=lambda path: known[path].confidence)


def _shapeless(form: Form, template: Template | None) -> frozenset[str]:
    """Fields that say something which is no value of their kind."""
    if template is None:
        return frozenset()
    cells = cells_of(form)
    names = Names(template, cells)
    typed = {place: field for place, field in cells.items() if names.kind(place) not in _TYPED}
    return frozenset(str(place) for place, field in typed.items() if field.text and field.value is None)
