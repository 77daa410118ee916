"""Full and forbidden disks, databases that may not be written or are damaged: one sentence, nothing lost, and work goes on."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from service.cli import main
from service.store.home import DATABASE_FILE
from tests.service.doors import left, one_sentence, originals, run, told
from tests.service.planned_reader import LOG
from tests.service.small_disk import SmallDisk, small_disk

PLANS = {"a.pdf": "pages=2", "b.pdf": "pages=3 2=damaged", "c.pdf": "no plan"}


def write(folder: Path, plans: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in plans.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("faults") / "scans", PLANS)


@pytest.fixture(scope="module")
def added(scans: Path) -> Path:
    """The home of an archive with DBOS's tables whose documents wait to be read."""
    home = scans.parent / "added"
    assert run("archive", "run", "--home", home).returncode == 0
    assert main(["archive", "add", str(scans), "--home", str(home)]) == 0
    return home


@pytest.fixture(scope="module")
def undisturbed(added: Path) -> Path:
    """The home of the archive once it was read."""
    home = added.with_name("undisturbed")
    shutil.copytree(added, home)
    assert run("archive", "run", "--workers", "2", "--home", home).returncode == 2
    return home


def settle(home: Path, disk: SmallDisk) -> Path:
    """Copy an archive onto ``disk``; the reader's log stays off it. Its home as programs name it."""
    shutil.copytree(home, disk.folder / "home")
    (disk.folder / "home" / "originals").mkdir(exist_ok=True)
    (disk.folder / "home" / "originals" / LOG).symlink_to(disk.place.with_name(LOG))
    return disk.place / "home"


def same(disk: SmallDisk, undisturbed: Path) -> None:
    """The archive on ``disk`` says what the undisturbed one does, and has the same originals."""
    copy = disk.place.with_name("copy")
    shutil.copytree(disk.folder / "home", copy, symlinks=True)
    assert told(copy) == told(undisturbed)
    assert originals(copy) == originals(undisturbed)
    assert left(copy) == []


def test_adding_to_a_full_disk_keeps_whole_originals_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for number in range(12):
        (scans / f"{number:02}.pdf").write_bytes(random.Random(number).randbytes(40_000))  # noqa: S311  no secret
    with small_disk(tmp_path / "disk", 3000) as disk:
        home = disk.place / "home"
        disk.fill(500)
        full = run("archive", "add", scans, "--home", home, within=disk.within)
        said = one_sentence(full)
        assert "There is no room left for the" in said  # folder of originals, or the database, whichever grew last
        assert str(home) in said
        kept = originals(disk.folder / "home")
        assert 0 < len(kept) < 12
        assert left(disk.folder / "home") == []
        disk.make_room()
        again = run("archive", "add", scans, "--home", home, within=disk.within)
        noted = {len(kept), len(kept) - 1}  # the last original was there already where the database was full
        assert again.stdout in {f"{12 - known} documents added, {known} known, 0 refused.\n" for known in noted}
        assert len(originals(disk.folder / "home")) == 12


def test_reading_on_a_full_disk_goes_on_when_there_is_room(tmp_path: Path, added: Path, undisturbed: Path) -> None:
    """Full when the database is opened, when the queue hands out documents, and in the middle of a document."""
    with small_disk(tmp_path / "disk", 3000) as disk:
        home = settle(added, disk)
        for kilobytes in (0, 96, 200):
            disk.fill(kilobytes)
            full = run("archive", "run", "--workers", "2", "--home", home, within=disk.within)
            said = one_sentence(full)
            assert "no room left" in said or "No space left" in said  # as the store says it, or a worker
            assert str(home) in said
            assert originals(disk.folder / "home") == originals(undisturbed)
            assert left(disk.folder / "home") == []
        disk.make_room()
        again = run("archive", "run", "--workers", "2", "--home", home, within=disk.within)
        assert again.returncode == 2, again.stderr
        same(disk, undisturbed)


def test_the_tables_of_the_queue_find_no_room(tmp_path: Path) -> None:
    assert main(["archive", "add", str(write(tmp_path / "scans", {})), "--home", str(tmp_path / "plain")]) == 0
    with small_disk(tmp_path / "disk", 3000) as disk:
        home = settle(tmp_path / "plain", disk)
        disk.fill(150)
        full = run("archive", "run", "--home", home, within=disk.within)
        assert f"There is no room left for the database '{home}/{DATABASE_FILE}'" in one_sentence(full)
        disk.make_room()
        assert run("archive", "run", "--home", home, within=disk.within).returncode == 0


def test_what_workers_write_finds_no_room(tmp_path: Path, added: Path) -> None:
    scans, plain = write(tmp_path / "scans", {"long.pdf": "pages=2 kilobytes=700"}), tmp_path / "plain"
    shutil.copytree(added, plain)
    assert main(["archive", "add", str(scans), "--home", str(plain)]) == 0
    with small_disk(tmp_path / "disk", 6000) as disk:
        home = settle(plain, disk)
        disk.fill(900)
        full = one_sentence(run("archive", "run", "--workers", "2", "--home", home, within=disk.within))
        assert str(home) in full
        assert "--out" not in full
        assert left(disk.folder / "home") == []
        disk.make_room()
        again = run("archive", "run", "--workers", "2", "--home", home, within=disk.within)
        assert again.stdout.endswith("4 documents (3 done, 1 failed), 6 forms (6 clear).\n")


def test_a_disk_that_may_not_be_written_says_so(tmp_path: Path, added: Path, undisturbed: Path, scans: Path) -> None:
    with small_disk(tmp_path / "disk", 3000) as disk:
        home = settle(added, disk)
        disk.forbid_writing(True)
        for words in (["archive", "add", scans], ["archive", "run", "--workers", "1"]):
            said = one_sentence(run(*words, "--home", home, within=disk.within))
            assert f"The database '{home}/{DATABASE_FILE}' may not be written" in said
        assert originals(disk.folder / "home") == originals(undisturbed)
        disk.forbid_writing(False)
        known = run("archive", "add", scans, "--home", home, within=disk.within)
        assert known.stdout == "0 documents added, 3 known, 0 refused.\n"


@pytest.mark.postgres
def test_a_server_that_forbids_writing_says_so(tmp_path: Path, postgres_url: str, scans: Path) -> None:
    place = ("--home", tmp_path / "home", "--database", postgres_url)
    assert main(["archive", "add", *map(str, (scans, *place))]) == 0
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$"
        )
    for words in (["archive", "add", scans], ["archive", "run", "--workers", "1"]):
        assert "may not be written" in one_sentence(run(*words, *place))
    assert len(originals(tmp_path / "home")) == len(PLANS)
    assert left(tmp_path / "home") == []


def _torn(data: bytes) -> bytes:
    """The second half was never written."""
    return data[: len(data) // 2]


def _overwritten(data: bytes) -> bytes:
    """Everything but the first two pages and the last is of another file."""
    return data[:8192] + random.Random(1).randbytes(len(data) - 12288) + data[-4096:]  # noqa: S311  no secret


@pytest.mark.parametrize("damage", [_torn, _overwritten])
def test_a_damaged_database_says_so_at_every_door_and_comes_back_from_a_backup(
    tmp_path: Path, undisturbed: Path, damage: Callable[[bytes], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    home, backup, scans = tmp_path / "home", str(tmp_path / "backup"), write(tmp_path / "scans", {"d.pdf": "pages=2 number=4"})
    shutil.copytree(undisturbed, home)
    assert main(["backup", backup, "--home", str(home)]) == 0
    assert main(["archive", "add", str(scans), "--home", str(home)]) == 0  # later than the backup
    (home / DATABASE_FILE).write_bytes(damage((home / DATABASE_FILE).read_bytes()))
    kept = originals(home)
    capfd.readouterr()
    doors = (
        "archive status",
        "archive run",
        "archive retry",
        f"export --format csv --out {tmp_path / 'x.csv'}",
        f"audit --out {tmp_path}/x",
    )
    for door in (*doors, f"archive add {scans}", f"backup {tmp_path / 'another'}", f"backup {backup}", "history verify"):
        assert main([*door.split(), "--home", str(home)]) == 4, door
        said = capfd.readouterr()
        assert said.err.startswith(f"formtally: The database '{home}/{DATABASE_FILE}' is damaged"), door
        assert "`formtally restore`" in said.err, door
        assert said.err.count("\n") == 1, door
    assert originals(home) == kept
    assert main(["restore", backup, "--home", str(tmp_path / "new")]) == 0
    assert told(tmp_path / "new") == told(undisturbed)
    assert main(["archive", "add", str(scans), "--home", str(tmp_path / "new")]) == 0
    assert originals(tmp_path / "new") == kept
    ended = run("archive", "run", "--workers", "1", "--home", tmp_path / "new")
    assert ended.stdout.endswith("4 documents (3 done, 1 failed), 6 forms (6 clear).\n")
