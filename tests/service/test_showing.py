"""``formtally show`` from the command line."""

import os
import signal
from pathlib import Path

import pytest

from models.errors import ExitCode
from service import showing
from service.cli import main

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "performance_target_fax.pdf"


def test_a_page_behind_the_last_is_wrong_usage_and_told_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(showing, "load_engine", lambda **_: pytest.fail("it was loaded"))
    assert main(["show", str(SAMPLE), "--page", "9"]) == ExitCode.USAGE
    assert capsys.readouterr().err == (
        "formtally: performance_target_fax.pdf has 2 pages; there is no page 9. Choose --page from 1 to 2.\n"
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_is_an_interruption(monkeypatch: pytest.MonkeyPatch, ending: signal.Signals) -> None:
    before = signal.signal(ending, signal.SIG_IGN)
    monkeypatch.setattr(showing, "load_engine", lambda **_: os.kill(os.getpid(), ending))
    monkeypatch.setattr(showing, "show_page", lambda *_: pytest.fail("it went on"))
    try:
        assert main(["show", str(SAMPLE), "--page", "1"]) == ExitCode.INTERRUPTED
        assert signal.getsignal(ending) is signal.SIG_IGN
    finally:
        signal.signal(ending, before)
