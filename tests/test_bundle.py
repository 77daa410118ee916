"""The bundle for machines without a network: what its scripts refuse, and how one installation follows another.

The bundle here is a tiny one with wheels of a few lines; `make check-bundle` installs the real one on a bare Debian.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted(path for path in (ROOT / "scripts").rglob("*") if path.is_file())
BUNDLE_SCRIPTS = ROOT / "scripts/bundle"
USAGE, UNFIT, UNWRITABLE = 1, 3, 4

SOUND = "def main(): print('Everything is there.')"
UNSOUND = "def main(): print('FAULT weights: damaged'); return 3"


def _sh(*command: str | Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})}, check=False)


def _listed(group: str) -> list[str]:
    return _sh(ROOT / "scripts/system-packages", group, "list").stdout.split()


def _wheel(folder: Path, name: str, version: str, code: str) -> Path:
    """A wheel of one module, which is also a command."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    files = {
        f"{name}.py": code,
        f"{name}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{name}-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}-{version}.dist-info/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = f"{name}-{version}.dist-info/RECORD"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, record: "".join(f"{file},,\n" for file in [*files, record])}.items():
            archive.writestr(file, text)
    return path


def _bundle(folder: Path, version: str = "1.0", *, code: str = SOUND, platform: str = "", python: str = "", missing: str = "") -> Path:
    """A bundle as `scripts/bundle/build` lays it out, for this machine where nothing else is said; gives its folder."""
    (folder / "wheels").mkdir(parents=True)
    (folder / "debs").mkdir()
    _wheel(folder / "wheels", "formtally", version, code)
    other = _wheel(folder / "wheels", "other", "2.0", "def main(): pass")
    (folder / "requirements.lock").write_text(f"other==2.0 --hash=sha256:{hashlib.sha256(other.read_bytes()).hexdigest()}\n")
    for script in ("install", "platform"):
        shutil.copy(BUNDLE_SCRIPTS / script, folder)
    (folder / "system-packages").write_text(f"#!/bin/sh\necho {missing}\n")
    (folder / "system-packages").chmod(0o755)
    here = _sh(BUNDLE_SCRIPTS / "platform").stdout.strip()
    major, minor = sys.version_info[:2]
    (folder / "contents").write_text(f"version={version}\nplatform={platform or here}\npython={python or f'{major}.{minor}'}\n")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def _install(bundle: Path, prefix: Path, *options: str, instead: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the bundle's `install`; programs in the folder ``instead`` stand before the machine's own."""
    path = os.environ["PATH"] if instead is None else f"{instead}:{os.environ['PATH']}"
    return _sh(bundle / "install", "--prefix", prefix, *options, environment={"PYTHON": sys.executable, "PATH": path})


def _program(folder: Path, name: str, code: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{code}\n")
    (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_posix_shell_and_can_be_started(script: Path) -> None:
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    assert _sh("sh", "-n", script).stderr == ""


def test_the_documents_name_the_debian_packages_of_the_list() -> None:
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    assert _listed("setup")
    assert set(_listed("setup") + _listed("server")) <= set(re.findall(r"`([a-z0-9.-]+)`", operations))


def test_a_bundle_is_built_from_that_list_as_if_nothing_were_installed(tmp_path: Path) -> None:
    """With an apt-get that notes what it is asked for, looks at its idea of what is installed, and fails."""
    apt = """
        for word in "$@"; do case $word in Dir::State::status=*) wc -c <"${word#*=}" >>"$NOTE" ;; esac; done
        echo "$@" >>"$NOTE"
        case $* in *install*) exit 100 ;; esac
    """
    environment = {"PATH": f"{_program(tmp_path / 'bin', 'apt-get', apt)}:{os.environ['PATH']}", "NOTE": str(tmp_path / "note")}
    ended = _sh(BUNDLE_SCRIPTS / "build", tmp_path / "out", environment={**environment, "PYTHON": sys.executable})
    updated_for, _, installed_over, asked = (tmp_path / "note").read_text().splitlines()
    assert ended.returncode == 100
    assert (updated_for, installed_over) == ("0", "0")
    assert asked.split("--download-only ")[1].split() == _listed("setup") + _listed("server")
    assert list((tmp_path / "out").iterdir()) == []


def test_one_installation_follows_another_and_a_fault_changes_nothing(tmp_path: Path) -> None:
    prefix = tmp_path / "opt 表核"
    current, releases = prefix / "current", prefix / "releases"

    assert _install(_bundle(tmp_path / "a stick/1.0"), prefix).returncode == 0
    first = current.resolve()
    assert first.name.startswith("1.0-")
    assert _sh(prefix / "bin/formtally", "doctor").stdout == "Everything is there.\n"

    ended = _install(_bundle(tmp_path / "2.0", "2.0"), prefix)
    second = current.resolve()
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-2:] == [
        f"Installed FormTally 2.0: {prefix}/bin/formtally",
        f"The one before is kept: {prefix}/releases/{first.name}",
    ]
    assert set(releases.iterdir()) == {first, second}

    ended = _install(_bundle(tmp_path / "3.0", "3.0", code=UNSOUND), prefix)
    assert ended.returncode == UNFIT
    assert "FAULT weights: damaged" in ended.stdout
    assert "is as it was" in ended.stderr
    assert current.resolve() == second
    assert set(releases.iterdir()) == {first, second}

    assert _install(_bundle(tmp_path / "4.0", "4.0"), prefix).returncode == 0
    assert set(releases.iterdir()) == {second, current.resolve()}


@pytest.mark.parametrize("file", ["wheels/other-2.0-py3-none-any.whl", "contents", "install"])
def test_a_damaged_file_is_named(tmp_path: Path, file: str) -> None:
    bundle = _bundle(tmp_path / "bundle")
    with (bundle / file).open("ab") as damaged:
        damaged.write(b"\n")
    ended = _install(bundle, tmp_path / "opt")
    assert ended.returncode == UNFIT
    assert f"./{file}: FAILED" in ended.stderr
    assert not (tmp_path / "opt").exists()


def test_a_file_that_was_not_copied_is_named(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path / "bundle")
    (bundle / "requirements.lock").unlink()
    ended = _install(bundle, tmp_path / "opt")
    assert ended.returncode == UNFIT
    assert "./requirements.lock: FAILED" in ended.stderr


def test_a_bundle_for_another_machine(tmp_path: Path) -> None:
    ended = _install(_bundle(tmp_path / "bundle", platform="debian99-amd64"), tmp_path / "opt")
    assert ended.returncode == UNFIT
    assert "this bundle is for debian99-amd64" in ended.stderr
    assert not (tmp_path / "opt").exists()


def test_another_python(tmp_path: Path) -> None:
    ended = _install(_bundle(tmp_path / "bundle", python="3.99"), tmp_path / "opt")
    assert ended.returncode == UNFIT
    assert "the bundle's wheels are for 3.99" in ended.stderr


def test_a_wheel_that_the_lock_does_not_know(tmp_path: Path) -> None:
    """Sums that somebody made anew do not help: the lock has hashes of its own, and pip asks nobody else."""
    bundle = _bundle(tmp_path / "bundle")
    (bundle / "wheels/other-2.0-py3-none-any.whl").unlink()
    _wheel(bundle / "wheels", "other", "2.0", "def main(): print('something else')")
    sums = _sh("sh", "-c", f"cd {bundle} && find . -type f ! -name SHA256SUMS | xargs sha256sum").stdout
    (bundle / "SHA256SUMS").write_text(sums)
    ended = _install(bundle, tmp_path / "opt")
    assert ended.returncode == UNFIT
    assert "DO NOT MATCH THE HASHES" in ended.stderr
    assert list((tmp_path / "opt/releases").iterdir()) == []


@pytest.mark.parametrize("options", [["--prefix"], ["--prefix", ""], ["--force"], ["elsewhere"]])
def test_wrong_usage(tmp_path: Path, options: list[str]) -> None:
    ended = _install(_bundle(tmp_path / "bundle"), tmp_path / "opt", *options)
    assert (ended.returncode, ended.stdout) == (USAGE, "")
    assert "--prefix" in ended.stderr


def test_a_prefix_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = _install(_bundle(tmp_path / "bundle"), tmp_path / "file/opt")
    assert ended.returncode == UNWRITABLE
    assert "cannot be written" in ended.stderr


def test_too_little_room(tmp_path: Path) -> None:
    full = _program(tmp_path / "bin", "df", "echo Avail; echo '  73'")
    ended = _install(_bundle(tmp_path / "bundle"), tmp_path / "opt", instead=full)
    assert ended.returncode == UNWRITABLE
    assert "has only 73 MB free" in ended.stderr


def test_two_installations_at_once(tmp_path: Path) -> None:
    (tmp_path / "opt").mkdir()
    with (tmp_path / "opt/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = _install(_bundle(tmp_path / "bundle"), tmp_path / "opt")
    assert ended.returncode == UNWRITABLE
    assert "is at work" in ended.stderr


def test_debian_packages_are_missing_and_the_user_is_not_root(tmp_path: Path) -> None:
    ended = _install(
        _bundle(tmp_path / "bundle", missing="libgl1"), tmp_path / "opt", instead=_program(tmp_path / "bin", "id", "echo 1000")
    )
    assert ended.returncode == UNFIT
    assert "Debian packages are missing: libgl1. Run this as root" in ended.stderr


def test_debian_packages_that_cannot_be_installed(tmp_path: Path) -> None:
    """The program before the machine's own notes its sources and fails: nothing but the bundle's folder is asked."""
    note = tmp_path / "note"
    programs = _program(tmp_path / "bin", "id", "echo 0")
    apt = f'for word in "$@"; do case $word in Dir::Etc::sourcelist=*) cat "${{word#*=}}" >{note} ;; esac; done; echo unmet >&2; exit 100'
    _program(programs, "apt-get", apt)
    ended = _install(_bundle(tmp_path / "bundle", missing="libgl1"), tmp_path / "opt", "--with-postgresql", instead=programs)
    assert ended.returncode == UNFIT
    assert ended.stderr.startswith("unmet\ninstall: apt-get could not install libgl1 libgl1.")
    assert re.fullmatch(r"deb \[trusted=yes\] file:/\S+/debs \./\n", note.read_text())
    assert list((tmp_path / "opt/releases").iterdir()) == []
