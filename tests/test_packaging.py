"""The installation: whole, alone with its names, from locks that say where nothing comes from."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_owns_our_names(package: str) -> None:
    assert set(packages_distributions().get(package, ["formtally"])) == {"formtally"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_dependency_with_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    wanted = list(PROJECT["project"]["dependencies"])
    if lock == "requirements-dev.lock":
        wanted += PROJECT["project"]["optional-dependencies"]["dev"]
    assert {_name(requirement) for requirement in wanted} <= set(_pins(lock))
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_both_locks_agree() -> None:
    runtime, development = (_pins(lock) for lock in LOCKS)
    assert {name: development.get(name) for name in runtime} == runtime


def test_exactly_one_opencv_is_locked() -> None:
    assert [name for name in _pins("requirements-dev.lock") if name.startswith("opencv")] == ["opencv-contrib-python"]


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= inside
    assert "models/form.py" in inside


def test_every_dependency_has_its_reason_and_licence() -> None:
    told = (ROOT / "docs/decisions/dependencies.md").read_text("utf-8")
    wanted = PROJECT["project"]["dependencies"] + [
        requirement for extra in PROJECT["project"]["optional-dependencies"].values() for requirement in extra
    ]
    words = {word.lower() for row in re.findall(r"^\| ([^|]+) \|", told, re.MULTILINE) for word in row.split(", ")}
    assert {_name(requirement) for requirement in wanted} <= words
