"""The service as a browser meets it: a server on a port of its own, and a worker beside it that reads plans."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.errors import ExitCode
from models.form import Source
from models.limits import Limits
from ocr.opening import inspect
from postprocess.calibration import TARGET_ERROR, trust
from service.access.credentials import set_password
from service.access.roles import Role
from service.pipeline import assemble, look_again, read_page
from service.review.policy import ONE_PERSON, Policy
from service.store.opening import Store
from service.store.owners import own
from service.store.saving import save_document
from service.web.app import create_app
from tests.recorded import RecordedEngine, Recording
from tests.service.opening_reader import OPENING
from tests.service.store.samples import add
from tests.service.web.pages.visiting import PASSWORD
from tests.service.web.serving import archive, listening, settings

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True, slots=True)
class Live:
    """A service that runs: where it is, and its archive. Every role is a user's name too, with `PASSWORD`."""

    url: str
    store: Store


@contextmanager
def live(folder: Path, policy: Policy = ONE_PERSON, reader: str = OPENING) -> Iterator[Live]:
    """A service over a small archive in ``folder``, whose ``reader`` reads what reviewers show it, under ``policy``, for the block."""
    with archive(folder) as kept:
        for role in Role:
            set_password(kept.store, role, PASSWORD)
        with listening(create_app(kept.store, settings(policy=policy, reader=reader))) as url:
            yield Live(url, kept.store)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """`formtally serve` over the archive below ``folder`` for the block; where it is."""
    command = [sys.executable, "-m", "service.cli", "serve", "--home", str(folder / "home"), "--port", "0", "--workers", "1"]
    log = folder / "log"
    with log.open("w") as errors, subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None, log.read_text()
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == ExitCode.INTERRUPTED, log.read_text()


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """A process that reads the plans that are uploaded, for the block."""
    command = [sys.executable, "-m", "tests.service.web.pages.run_worker", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def add_sample(store: Store, name: str, user: str = Role.ADMIN) -> str:
    """A scan of ``samples/`` with the record that the real recognizer's recorded answers give; its SHA-256. No worker may run yet."""
    path = ROOT / "samples" / name
    engine = RecordedEngine(Recording.load(ROOT / "tests" / "resources" / "recordings" / f"{name}.npz"))
    count = inspect(path, Limits()).pages
    pages = [read_page(path, number, engine, Limits()) for number in range(1, count + 1)]
    sha256 = add(store, path.read_bytes(), name)
    look = partial(look_again, path, engine, Limits(), pages)
    save_document(store, sha256, "1", assemble(pages, Source(name, sha256, count), (), look, trust(TARGET_ERROR)))
    own(store, sha256, user, name)
    return sha256
