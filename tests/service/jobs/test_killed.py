"""Nothing is lost and nothing done twice, wherever the process is killed; on SQLite here, on PostgreSQL in `test_killed_postgres`."""

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import make_url

from service.store.documents import State
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import document, documents_in, forms
from tests.postgres import new_database
from tests.service.jobs.run_many_killed import Run
from tests.service.planned_reader import LOG

WORKERS = 2
"""Of `run_killed`; each may have had a page in hand."""

READ = "from tests.service.jobs.run_many_killed import main; main()"


def archive(folder: Path) -> Path:
    """Three documents, one of them with a page that cannot be read, one that is no document."""
    scans = folder / "scans"
    scans.mkdir(parents=True)
    for name, text in {"a.pdf": "pages=2", "b.pdf": "pages=3 2=damaged", "c.pdf": "no plan"}.items():
        (scans / name).write_text(text)
    return scans


def read(scans: Path, *runs: Run) -> tuple[list[int], str]:
    """Read ``scans`` in each of ``runs``; the code with which each ended, and what they complained of."""
    lines = "".join(json.dumps(run) + "\n" for run in runs)
    done = subprocess.run([sys.executable, "-c", READ, str(scans)], input=lines, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]), done.stderr  # above are the lines about documents


def told(home: Path, database: str = "") -> dict[str, object]:
    """Everything that an archive says, but for times."""
    with open_store(find_home(str(home), database or None, None, {})) as store:
        ended = [document(store, sha256) for state in State for sha256 in documents_in(store, state)]
        assert all(each is not None for each in ended)
        return {each.sha256: each for each in ended if each is not None} | {"forms": list(forms(store))}


def files(home: Path) -> set[str]:
    """Every file that is not the database's own."""
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and not path.name.startswith("formtally.sqlite3")}


def pages_read(home: Path) -> Counter[str]:
    """How often a worker began to read each page."""
    return Counter((home / "originals" / LOG).read_text().splitlines())


Place = Callable[[str], tuple[Path, str]]


def prepared(folder: Path, cluster: str) -> Place:
    """Archives whose tables are made already, in SQLite where ``cluster`` is empty."""
    first, empty = folder / "prepared", folder / "empty"
    empty.mkdir()
    made = new_database(cluster) if cluster else ""
    assert read(empty, (str(first), made, 0))[0] == [0]

    def copied(name: str) -> tuple[Path, str]:
        shutil.copytree(first, folder / name)
        return folder / name, new_database(cluster, make_url(made).database or "") if cluster else ""

    return copied


def killed_at_each_moment(folder: Path, place: Place) -> None:
    """Kill a run just before each moment, run again, and compare with one that was left alone."""
    scans, (home, database) = archive(folder), place("undisturbed")
    assert read(scans, (str(home), database, 0))[0] == [0]
    moments = int(Path(f"{home}.moments").read_text())
    wanted, left, pages = told(home, database), files(home), pages_read(home)
    assert set(pages.values()) == {1}
    assert moments > 20

    places = {moment: place(str(moment)) for moment in range(1, moments + 1)}
    ends, said = read(scans, *((str(home), database, moment) for moment, (home, database) in places.items()))
    assert set(ends) <= {-signal.SIGKILL, 0}, said
    assert ends.count(-signal.SIGKILL) >= 0.75 * moments  # how often a run looks for work, and so commits, depends on its speed
    again, said = read(scans, *((str(home), database, 0) for home, database in places.values()))
    assert set(again) == {0}, said
    for moment, (home, database) in places.items():
        assert told(home, database) == wanted, f"killed at moment {moment}"
        assert files(home) == left, f"killed at moment {moment}"
        read_here = pages_read(home)
        assert read_here.keys() == pages.keys()
        assert read_here.total() <= pages.total() + WORKERS, f"killed at moment {moment}: {read_here}"


def test_killed_at_each_moment_an_archive_comes_to_the_same(tmp_path: Path) -> None:
    killed_at_each_moment(tmp_path, prepared(tmp_path, ""))
