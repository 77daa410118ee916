"""The service as a browser meets it: a server on a port of its own, and a worker beside it that reads plans."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import socket

import uvicorn

from models.form import Document, Form, Source
from models.limits import Limits
from ocr.opening import inspect
from postprocess.calibration import TARGET_ERROR, trust
from service.access.credentials import set_password
from service.access.roles import Role
from service.access.users import add_user
from service.pipeline import assemble, look_again, read_page
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.owners import own
from service.store.saving import save_document
from service.web.app import create_app
from tests.recorded import RecordedEngine, Recording
from tests.service.store.samples import add
from tests.service.web.serving import settings

ROOT = Path(__file__).resolve().parents[4]
PASSWORD = "leaves fall in November"  # noqa: S105  of nobody
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Live:
    """A service that runs: where it is, and its archive. Every role is a user's name too, with `PASSWORD`."""

    url: str
    store: Store


@contextmanager
def live(folder: Path) -> Iterator[Live]:
    """A service over an empty archive in ``folder``, for the block."""
    with ExitStack() as stack:
        store = stack.enter_context(open_store(find_home(str(folder), None, None, {})))
        for role in Role:
            add_user(store, role.value, role)
            set_password(store, role.value, PASSWORD)
        listening = stack.enter_context(closing(socket()))
        listening.bind(("127.0.0.1", 0))
        stack.enter_context(_server(store, listening))
        yield Live(f"http://127.0.0.1:{listening.getsockname()[1]}", store)


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """A process that reads what is uploaded, for the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.service.web.pages.run_worker", str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def _server(store: Store, listening: socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(create_app(store, settings()), log_config=None, access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        deadline = time.monotonic() + _SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join()


def add_form(store: Store, form: Form, name: str, user: str = Role.ADMIN) -> str:
    """A document of one form and one page that nobody can open; its SHA-256."""
    sha256 = add(store, name.encode(), name)
    save_document(store, sha256, "1", Document(Source(name, sha256, 1), (form,)))
    own(store, sha256, user, name)
    return sha256


def add_sample(store: Store, name: str, user: str = Role.ADMIN) -> str:
    """A scan of ``samples/`` with the record that the real recognizer's recorded answers give; its SHA-256."""
    path = ROOT / "samples" / name
    engine = RecordedEngine(Recording.load(ROOT / "tests" / "resources" / "recordings" / f"{name}.npz"))
    count = inspect(path, Limits()).pages
    pages = [read_page(path, number, engine, Limits()) for number in range(1, count + 1)]
    sha256 = add(store, path.read_bytes(), name)
    look = partial(look_again, path, engine, Limits(), pages)
    save_document(store, sha256, "1", assemble(pages, Source(name, sha256, count), (), look, trust(TARGET_ERROR)))
    own(store, sha256, user, name)
    return sha256
