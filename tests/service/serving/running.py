"""A service under test as a process of its own, and all that it starts."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePath

from service.store.documents import Found, State, register
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import counts, documents_in
from tests.service.serving.receivers import wait_until

MARK = "TESTED_SERVICE"
SECONDS = 60


class Running:
    """A service under test, and all processes that it started, told by a mark in their environment."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.mark = secrets.token_hex(8)
        command = [sys.executable, "-m", "tests.service.serving.run_service", str(home), *options]
        environment = os.environ | {MARK: self.mark}
        self.log = home.parent / f"{self.mark}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, start_new_session=True)
        self.said = ""

    def url(self) -> str:
        """Where it is, once it says so."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.log.read_text()
        return found[0]

    def members(self) -> dict[int, str]:
        """Every living process of the tree with its command line."""
        wanted = f"{MARK}={self.mark}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def workers(self) -> list[int]:
        """The child that reads; empty while there is none."""
        return [process for process, command in self.members().items() if "run_worker" in command]

    def answerers(self) -> set[int]:
        """The children that answer."""
        return {process for process, command in self.members().items() if "run_answerer" in command}

    def give(self, plan: str) -> None:
        """Have a plan read."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            register(store, Found(PurePath("/a.pdf")), BytesIO(plan.encode()))

    def done(self) -> int:
        """Documents read."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            return counts(store).documents[State.DONE]

    def read(self) -> set[str]:
        """Ids of documents read."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            return set(documents_in(store, State.DONE))

    def ended(self) -> int:
        """Documents read, and those that cannot be."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            return counts(store).documents[State.DONE] + counts(store).documents[State.FAILED]


@contextmanager
def running(home: Path, *options: str) -> Iterator[Running]:
    service = Running(home, *options)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.communicate()
        wait_until(lambda: not service.members())
