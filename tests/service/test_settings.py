"""Limits from options, environment and defaults."""

from argparse import Namespace
from pathlib import Path

import pytest

from models.errors import UsageError
from models.limits import Limits
from postprocess import calibration
from service.cli import build_parser
from service.digitizing import settings_of
from service.settings import check_share


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


@pytest.mark.parametrize("value", ["-0.1", "0.5", "1", "0,001", "nan", "1e-3", "", "٠.١", "0.1%"])
def test_a_target_error_that_is_no_share_is_refused_by_name(value: str) -> None:
    with pytest.raises(UsageError, match="--target-error"):
        settings_of(_options(f"--target-error={value}"), {})
    with pytest.raises(UsageError, match="FORMTALLY_TARGET_ERROR"):
        settings_of(_options(), {"FORMTALLY_TARGET_ERROR": value})


def test_the_target_error_is_that_of_the_calibration_unless_another_is_wanted() -> None:
    assert settings_of(_options(), {}).target_error == calibration.TARGET_ERROR
    assert settings_of(_options(), {"FORMTALLY_TARGET_ERROR": "0.01"}).target_error == 0.01
    assert settings_of(_options("--target-error", ".0003"), {"FORMTALLY_TARGET_ERROR": "0.01"}).target_error == 0.0003


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


@pytest.mark.parametrize("value", ["1.5", "2%", "-0.1", "", "nan", "0.1e1", "½"])
def test_a_share_of_checks_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(UsageError, match="--check-share"):
        check_share(value, {})
    with pytest.raises(UsageError, match="FORMTALLY_CHECK_SHARE"):
        check_share(None, {"FORMTALLY_CHECK_SHARE": value})


def test_no_clear_form_is_checked_unless_that_is_wanted() -> None:
    assert check_share(None, {}) == 0.0
    assert check_share(None, {"FORMTALLY_CHECK_SHARE": "0.02"}) == 0.02
    assert check_share("1", {"FORMTALLY_CHECK_SHARE": "0.02"}) == 1.0
