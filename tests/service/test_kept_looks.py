"""What was seen at a second look is kept with its page, so that the record can be made again without the original."""

import pytest

from models.form import Source
from postprocess.calibration import TARGET_ERROR, trust
from service import content_file
from service.pipeline import assemble, looks_at
from tests.service.kept import COPIER, FAX, OFFICE, PHONE, kept


@pytest.mark.parametrize("name", [OFFICE, COPIER, FAX, PHONE])
def test_the_record_is_made_again_from_what_is_kept_alone(name: str) -> None:
    document, contents = kept(name)
    pages = [content_file.decode(content) for content in contents]
    assert assemble(pages, Source(name, "0" * 64, len(pages)), (), lambda _: looks_at(pages), trust(TARGET_ERROR)) == document


def test_without_what_was_seen_it_is_another_record() -> None:
    document, contents = kept(COPIER)
    pages = [content_file.decode(content) for content in contents]
    assert looks_at(pages)
    assert assemble(pages, Source(COPIER, "0" * 64, 2), (), lambda _: {}, trust(TARGET_ERROR)) != document
