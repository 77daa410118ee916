"""Archives under stress, with a reader that needs no engine: what is measured is the store and the handing out of work.

    python -m bench.durability kills --documents 100 --kills 200
    python -m bench.durability workers --documents 60 --slow
    python -m bench.durability many --documents 10000

``kills`` ends a run with SIGKILL at random moments, again and again, and compares the archive with one that was left alone. ``workers``
reads the same documents with one and with two processes on a PostgreSQL of its own.
``many`` says how long a large archive of small documents takes, added and read, and how much memory the process has at most.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from service.store.documents import State
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.reading import counts, documents_in, forms
from service.store.schema import EVENTS
from tests import postgres
from tests.service.planned_reader import LOG

WORKERS = 2
"""Of `tests.service.jobs.run_killed`."""

LEAST, MOST = 0.5, 4.0
"""Seconds after which a run is killed: from before the first document to after some."""


def main() -> None:
    """Do what was asked for and print what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.durability", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("kills", "workers", "many"))
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pages", type=int, default=2, help="of each document; every seventh has one that cannot be read")
    parser.add_argument("--slow", action="store_true", help="each page takes half a second in which no processor works")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        scans = _plans(Path(folder), options)
        {"kills": _kills, "workers": _workers, "many": _many}[options.what](Path(folder), scans, options)


def _plans(folder: Path, options: argparse.Namespace) -> Path:
    scans = folder / "scans"
    scans.mkdir()
    for number in range(options.documents):
        slow = [f"{page}=slow" for page in range(1, options.pages + 1)] if options.slow else []
        fault = ["1=damaged"] if number % 7 == 3 else []
        (scans / f"{number:05}.pdf").write_text(" ".join([f"pages={options.pages} number={number}", *slow, *fault]))
    return scans


def _run(home: Path, scans: Path, database: str = "", files: Path | None = None) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.service.jobs.run_killed", str(home), database, str(scans), "0"]
    return subprocess.Popen([*command, *([str(files)] if files else [])], stdout=subprocess.DEVNULL)


def _told(home: Path, database: str = "") -> Counter[str]:
    with open_store(find_home(str(home), database or None, None, {})) as store:
        told = Counter({f"{state}": count for state, count in counts(store).documents.items() if count})
        told["forms"] = sum(1 for _ in forms(store))
        told["documents"] = sum(len(list(documents_in(store, state))) for state in State)
        told["readings saved"] = _readings(store)
    told["originals"] = sum(path.is_file() and path.name != LOG for path in (home / "originals").rglob("*"))
    told["pages kept"] = sum(path.is_file() for path in (home / "pages").rglob("*"))
    told["left over"] = sum(path.is_file() for name in ("staging", "scratch", "processes") for path in (home / name).rglob("*"))
    return told


def _readings(store: Store) -> int:
    """Saved readings: one for each document, where nothing was done twice."""
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).where(EVENTS.c.kind == "read")) or 0


def _kills(folder: Path, scans: Path, options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)  # noqa: S311  chance that can be repeated
    _run(folder / "undisturbed", scans).wait()
    wanted, home = _told(folder / "undisturbed"), folder / "home"
    killed = here = archives = again = 0
    while True:
        process = _run(home, scans)
        try:
            process.wait(rng.uniform(LEAST, MOST) if killed < options.kills else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed, here = killed + 1, here + 1
            continue
        again += _compared(home, wanted, here)
        archives, here = archives + 1, 0
        home = folder / f"home{archives}"
        if killed >= options.kills:
            break
    print(f"{killed} kills over {archives} archives of {options.documents} documents, each as undisturbed: {dict(wanted)}")
    print(f"{again} pages were begun again, {again / killed:.2f} a kill; {WORKERS} workers have at most {WORKERS} in hand")


def _compared(home: Path, wanted: Counter[str], kills: int) -> int:
    """How many pages were begun again in an archive that says what an undisturbed one says.

    Raises:
        SystemExit: it does not, or pages were read again that no worker had in hand when it was killed.
    """
    got = _told(home)
    if got != wanted:
        raise SystemExit(f"undisturbed {dict(wanted)}\nkilled      {dict(got)}")
    read = Counter((home / "originals" / LOG).read_text().splitlines())
    again = read.total() - len(read)
    if again > WORKERS * kills:
        raise SystemExit(f"{again} pages were begun again after {kills} kills")
    return again


def _workers(folder: Path, scans: Path, options: argparse.Namespace) -> None:
    """The same documents with one process, then with two, each with a home of its own and each time on a new cluster."""
    empty = folder / "nothing"
    empty.mkdir()
    for count in (1, 2):
        files = folder / f"files{count}"
        with postgres.cluster(_programs()) as cluster:
            database = postgres.new_database(cluster)
            _run(folder / "first", empty, database, files).wait()  # tables are made before the clock starts
            begun = time.monotonic()
            processes = [_run(folder / f"home{count}-{number}", scans, database, files) for number in range(count)]
            for process in processes:
                process.wait()
            seconds = time.monotonic() - begun
            with open_store(find_home(str(folder / "first"), database, str(files), {})) as store:
                done, readings = counts(store).documents, _readings(store)
        read = Counter((files / "originals" / LOG).read_text().splitlines())
        ended = sum(done[state] for state in (State.DONE, State.FAILED))
        print(f"{count} processes of {WORKERS} workers: {seconds:.1f} s, {options.documents / seconds:.2f} documents a second")
        print(f"  {ended} documents ended, {readings} readings saved, {len(read)} pages read, {read.total() - len(read)} of them twice")


def _programs() -> Path:
    found = postgres.programs()
    if found is None:
        raise SystemExit("PostgreSQL's server is not installed: run scripts/system-packages check")
    return found


def _many(folder: Path, scans: Path, options: argparse.Namespace) -> None:
    home, begun = folder / "home", time.monotonic()
    process = _run(home, scans)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.5)
    print(f"{options.documents} documents in {time.monotonic() - begun:.0f} s, {peak} MB at most: {dict(_told(home))}")


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main()
