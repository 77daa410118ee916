"""What `formtally serve` takes from the command line and the environment."""

from pathlib import Path

import pytest

from models.errors import UsageError
from service.cli import build_parser
from service.serving import starting
from service.serving.starting import METRICS_VARIABLE, answerer_options, metrics_token, most_useful, web_settings
from service.web.settings import WebSettings

TOKEN = "a" * 64


def test_the_token_for_metrics_comes_from_a_file_else_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "metrics"
    file.write_text(f"{TOKEN}\n")
    assert metrics_token(None, {}) == ""
    assert metrics_token(None, {METRICS_VARIABLE: TOKEN}) == TOKEN
    assert metrics_token(str(file), {METRICS_VARIABLE: "b" * 64}) == TOKEN


@pytest.mark.parametrize("text", ["short", "two words that are long enough", "a" * 30 + "\nb", "密" * 30])
def test_a_token_that_could_be_guessed_or_stands_in_no_header_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "metrics"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="openssl rand"):
        metrics_token(str(file), {})
    with pytest.raises(UsageError, match="openssl rand"):
        metrics_token(None, {METRICS_VARIABLE: text})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lost"):
        metrics_token(str(tmp_path / "lost"), {})


def test_what_answers_is_told_all_that_was_asked_for(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("0123456789abcdefghijklmnopqrstuvwxyz")
    said = ["--host", "forms.example", "--name", "a.example", "--https", "--two-people", "--double-keyed", "total_score"]
    said += ["--target-error", "0.01", "--max-pages", "7", "--metrics-token-file", str(token)]
    asked = build_parser().parse_args(["serve", *said])
    told = build_parser().parse_args(["serve", *answerer_options(asked)])
    assert web_settings(told, {}) == web_settings(asked, {})
    assert web_settings(asked, {}).policy != WebSettings().policy
    assert web_settings(asked, {}).target_error != WebSettings().target_error


def test_one_core_is_answered_from_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for cores in (1, 2, 64):
        monkeypatch.setattr(starting, "usable_cores", lambda cores=cores: cores)
        found.append(most_useful())
    assert found == [1, 2, 2]


def test_a_field_that_no_form_has_is_not_keyed_by_two() -> None:
    options = build_parser().parse_args(["serve", "--double-keyed", "total_scores"])
    with pytest.raises(UsageError, match="total_scores"):
        web_settings(options, {})


@pytest.mark.parametrize("name", ["project_name", "year", "department", "applicant_unit"])
def test_a_field_that_the_queue_shows_is_not_keyed_by_two(name: str) -> None:
    options = build_parser().parse_args(["serve", "--double-keyed", "total_score", "--double-keyed", name])
    with pytest.raises(UsageError, match=f"queue shows '{name}'"):
        web_settings(options, {})


@pytest.mark.parametrize(("said", "two_people"), [("", False), ("1", True), ("0", False)])
def test_how_many_people_a_review_takes_may_stand_in_the_environment(said: str, two_people: bool) -> None:
    options = build_parser().parse_args(["serve"])
    environment = {"FORMTALLY_TWO_PEOPLE": said, "FORMTALLY_DOUBLE_KEYED": "executed, total_score"}
    policy = web_settings(options, environment).policy
    assert (policy.two_people, policy.double_keyed) == (two_people, frozenset({"executed", "total_score"}))
    with pytest.raises(UsageError, match="FORMTALLY_TWO_PEOPLE"):
        web_settings(options, {"FORMTALLY_TWO_PEOPLE": "yes"})
