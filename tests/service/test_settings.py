"""Limits from options, environment and defaults."""

from argparse import Namespace
from pathlib import Path

import pytest

from models.errors import UsageError
from models.limits import Limits
from service.cli import build_parser
from service.digitizing import settings_of


def _options(*arguments: str) -> Namespace:
    return build_parser().parse_args(["digitize", "a.pdf", "--out", "out", *arguments])


def test_defaults_are_those_of_the_limits() -> None:
    assert settings_of(_options(), {}).limits == Limits()


def test_an_option_goes_before_the_environment_and_that_before_the_default() -> None:
    environment = {"FORMTALLY_MAX_PAGES": "7", "FORMTALLY_PAGE_SECONDS": "8"}
    limits = settings_of(_options("--page-seconds", "9"), environment).limits
    assert (limits.pages, limits.seconds_a_page, limits.megapixels) == (7, 9, Limits().megapixels)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "", "9" * 30, "٣"])
def test_what_is_no_whole_number_from_1_is_refused_by_name(value: str) -> None:
    with pytest.raises(UsageError, match="--workers"):
        settings_of(_options(f"--workers={value}"), {})
    with pytest.raises(UsageError, match="FORMTALLY_MAX_PAGES"):
        settings_of(_options(), {"FORMTALLY_MAX_PAGES": value})


def test_an_empty_name_is_refused_instead_of_meaning_the_current_folder() -> None:
    with pytest.raises(UsageError):
        settings_of(build_parser().parse_args(["digitize", "", "--out", "out"]), {})
    with pytest.raises(UsageError):
        settings_of(build_parser().parse_args(["digitize", "a.pdf", "--out", ""]), {})


def test_workers_as_given_and_sensibly_many_otherwise() -> None:
    assert settings_of(_options("--workers", "3"), {}).workers == 3
    assert settings_of(_options(), {}).workers >= 1


def test_the_output_folder_is_made_absolute() -> None:
    assert settings_of(_options(), {}).out == Path("out").resolve()
