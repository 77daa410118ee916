"""Reading comes after answering, also where Linux shares the cores among sessions first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")


def of_a_child(code: str) -> str:
    """What a process in a session of its own says."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, start_new_session=True).stdout.strip()


def test_the_worker_and_what_it_starts_are_nicer() -> None:
    code = "import os, subprocess; from service.serving.reading import step_back; step_back(); subprocess.run(['nice'])"
    assert int(of_a_child(code)) == min(19, os.nice(0) + 10)


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="a kernel that does not group by sessions")
def test_its_session_is_nicer_too() -> None:
    code = "from service.serving.reading import step_back; step_back(); print(open('/proc/self/autogroup').read())"
    assert of_a_child(code).endswith("nice 5")


def test_a_kernel_without_such_groups_is_no_fault() -> None:
    code = "from pathlib import Path; from service.serving.reading import step_back; step_back(Path('/nonexistent/autogroup')); print('on')"
    assert of_a_child(code) == "on"
