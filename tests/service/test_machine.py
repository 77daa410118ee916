"""How many workers make sense."""

import os
from pathlib import Path

import pytest

from service import machine


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 8), ("200000 100000", 2), ("50000 100000", 1), ("1600000 100000", 8), ("?", 8)]
)
def test_a_containers_quota_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, cores: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    (tmp_path / "cpu.max").write_text(quota + "\n")
    assert machine.usable_cores(tmp_path / "cpu.max") == cores


def test_no_quota_without_cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    assert machine.usable_cores(tmp_path / "nothing") == 8


def test_free_memory_is_what_can_be_had_without_swapping(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:       8000000 kB\nMemFree:         100000 kB\nMemAvailable:   2097152 kB\n")
    assert machine.free_megabytes(tmp_path / "meminfo") == 2048


@pytest.mark.parametrize(("cores", "megabytes", "workers"), [(8, 64_000, 8), (8, 3_000, 2), (8, 100, 1), (1, 64_000, 1)])
def test_as_many_workers_as_cores_and_memory_allow(monkeypatch: pytest.MonkeyPatch, cores: int, megabytes: int, workers: int) -> None:
    monkeypatch.setattr(machine, "usable_cores", lambda: cores)
    monkeypatch.setattr(machine, "free_megabytes", lambda: megabytes)
    assert machine.sensible_workers() == workers


def test_the_memory_of_a_process() -> None:
    assert machine.resident_megabytes(os.getpid()) > 5
    assert machine.resident_megabytes(2**22 + 1) == 0
