"""Production's reader, as far as it needs no recognizer."""

from dataclasses import replace
from pathlib import Path

import pytest

from layouts.template_file import builtin_templates
from models.errors import DamagedError
from models.form import Problem, Source
from models.limits import Limits
from service import pipeline, pipeline_reader
from service.pipeline_reader import PipelineReader
from service.reader import PIPELINE, ReaderSpec, SpoiltError, open_reader

SOURCE = Source("a.pdf", "0" * 64, 1)


def test_it_is_what_production_opens() -> None:
    assert isinstance(open_reader(ReaderSpec(PIPELINE, Limits())), PipelineReader)


def test_another_template_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = PipelineReader(Limits(), 0.001).version
    assert before.startswith(f"{pipeline.VERSION}+")
    assert PipelineReader(Limits(), 0.001).version == before
    first, *others = builtin_templates()
    changed = (replace(first, titles=(*first.titles, "项目绩效自评表")), *others)
    monkeypatch.setattr(pipeline_reader, "builtin_templates", lambda: changed)
    assert PipelineReader(Limits(), 0.001).version != before


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"\x90", b"\x81\xa6number\x01"])
def test_contents_that_are_none_are_spoilt(content: bytes) -> None:
    with pytest.raises(SpoiltError):
        PipelineReader(Limits(), 0.001).assemble(Path("none"), [content], SOURCE, ())


def test_a_document_without_forms_keeps_its_problems() -> None:
    problem = Problem(1, "page_lost", "…")
    assert PipelineReader(Limits(), 0.001).assemble(Path("none"), [], SOURCE, (problem,)).document.problems == (problem,)


def test_errors_of_opening_come_through(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nnothing more")
    with pytest.raises(DamagedError):
        PipelineReader(Limits(), 0.001).inspect(tmp_path / "a.pdf")
