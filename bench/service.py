"""The service over a large archive: how long replies take at many connections, also while it reads, and whether every upload is kept.

    python -m bench.service
    python -m bench.service --home DIR

`formtally serve` on SQLite over 100,000 forms of `bench.stores`; with ``--home`` the archive is kept (4.5 GB), and taken as it is where it
is there. Each question is asked for some seconds from 50 connections, each of which asks again as soon as it has its reply; then all of
them again while the worker reads scans without a pause; then 50 scans are uploaded at once. The service and this client share two
cores: what each took of them is printed. Exit code 1 where a goal is missed.
"""

import argparse
import asyncio
import hashlib
import io
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from PIL import Image, ImageDraw
from sqlalchemy import func, select

from bench.http_load import Load, Server
from bench.stores import UPLOADERS, Question, fill, questions
from models.errors import UserExistsError
from service.access.roles import Role
from service.access.tokens import issue, revoke
from service.access.users import add_user
from service.store.home import find_home
from service.store.listed import FormFilter
from service.store.listing import list_documents
from service.store.opening import Store, open_store
from service.store.schema import CATALOGUE
from service.web.headers import API

GOALS: Final = {"status": 100.0, "documents": 100.0, "forms": 100.0, "search": 150.0}
"""Ms, by the first word of a case: what 95 of 100 replies stay within."""

SCAN: Final = Path(__file__).resolve().parent.parent / "samples" / "self_evaluation_copier.pdf"
"""Two pages at 300 dpi."""

EVERYBODY: Final = "bench"
"""The user who sees every document; the uploaders of `bench.stores` see their own."""

_CORES: Final = 2
_SAMPLE: Final = 1000
"""Documents and forms that are asked for in turn."""

_READ_AT_ONCE: Final = 3
"""Scans that wait or are being read, so that the worker is never without one."""

_PAUSE: Final = 0.5
_END_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: its name, whose first word is that of its goal, and requests as they go over the wire."""

    name: str
    requests: Sequence[bytes]

    @property
    def goal(self) -> float | None:
        """Ms; None where none is set."""
        return GOALS.get(self.name.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks the service: each user by a token.

    Attributes:
        server: where it is.
        process: its process.
        tokens: by user.
    """

    server: Server
    process: int
    tokens: Mapping[str, str]

    def get(self, path: str, user: str = EVERYBODY, **query: str) -> bytes:
        """The request for ``path`` below the API."""
        asked = f"{API}{path}?{urlencode(query)}" if query else f"{API}{path}"
        return self.server.request("GET", asked, {"Authorization": f"Bearer {self.tokens[user]}"})

    def upload(self, scan: bytes) -> bytes:
        """The request that uploads ``scan``."""
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="扫描件"\r\n\r\n'
        headers = {"Authorization": f"Bearer {self.tokens[EVERYBODY]}", "Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.server.request("POST", f"{API}/documents", headers, head.encode() + scan + f"\r\n--{edge}--\r\n".encode())

    async def told(self, request: bytes) -> Any:
        """The JSON of the reply."""
        reply = await self.server.once(request)
        if reply.status not in (200, 202):
            raise SystemExit(f"{reply.status}: {reply.body.decode()}")
        return json.loads(reply.body)

    async def ended(self, document: str) -> str:
        """The state of a document once it is read or cannot be."""
        for _ in range(int(_END_SECONDS / _PAUSE)):
            state = (await self.told(self.get(f"/documents/{document}")))["state"]
            if state in ("done", "failed"):
                return str(state)
            await asyncio.sleep(_PAUSE)
        raise SystemExit(f"{document} is {state} after {_END_SECONDS} s.")

    def cpu(self) -> float:
        """Seconds that the service's own process, and those of its children that answer, have kept a core busy."""
        return sum(map(_cpu, [self.process, *_answering(self.process)]))


def _answering(parent: int) -> list[int]:
    """Its children that answer."""
    children = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(word) for file in children for word in file.read_text().split()]
    return [process for process in found if b"service.serving.answering" in Path(f"/proc/{process}/cmdline").read_bytes()]


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def archive(folder: Path, forms: int) -> Iterator[tuple[Store, Mapping[str, str]]]:
    """The archive in ``folder``, filled where it is empty, and a token of each user that lasts as long as the block."""
    with open_store(find_home(str(folder), None, None, {})) as store:
        if not list_documents(store).items:
            fill(store, forms)
        for user in (EVERYBODY, *UPLOADERS):
            with suppress(UserExistsError):
                add_user(store, user, Role.REVIEWER if user == EVERYBODY else Role.UPLOADER)
        made = {user: issue(store, user, "bench") for user in (EVERYBODY, *UPLOADERS)}
        try:
            yield store, {user: secret for user, (_, secret) in made.items()}
        finally:
            for user, (token, _) in made.items():
                revoke(store, user, token)


@contextmanager
def served(home: Path, tokens: Mapping[str, str]) -> Iterator[Client]:
    """``formtally serve`` over ``home`` for the block."""
    command = [sys.executable, "-m", "service.cli", "serve", "--home", str(home), "--port", "0"]
    with (home / "serve.log").open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        try:
            found = re.search(r"http://\S+(?=/)", process.stdout.readline() if process.stdout is not None else "")
            if found is None:
                raise SystemExit(f"The service did not start: see {log.name}.")
            place = urlsplit(found[0])
            yield Client(Server(str(place.hostname), int(place.port or 0)), process.pid, tokens)
        finally:
            process.send_signal(signal.SIGINT)


def cases(store: Store, client: Client) -> list[Case]:
    """Documents and forms, one by one; every list and search of `bench.stores`."""
    with store.database.reading() as connection:
        step = max(1, (connection.scalar(select(func.max(CATALOGUE.c.id))) or 0) // _SAMPLE)
        documents = list(connection.scalars(select(CATALOGUE.c.document).where(CATALOGUE.c.id % step == 0)))
    found = [
        Case("status: a document", [client.get(f"/documents/{document}") for document in documents]),
        Case("form: with all its fields", [client.get(f"/forms/{document}.1") for document in documents]),
    ]
    return found + [Case(question.name, [request_for(client, question)]) for question in questions(store)]


def request_for(client: Client, question: Question) -> bytes:
    """The request for a page of a list; what only its owner sees is asked by him."""
    wanted = question.wanted
    named = {name: getattr(wanted, name) for name in wanted.__slots__ if name != "owner"} | {"after": question.after}
    asked = {"q" if name == "text" else name: str(value) for name, value in named.items() if value not in (None, "")}
    return client.get("/forms" if isinstance(wanted, FormFilter) else "/documents", wanted.owner or EVERYBODY, **asked)


async def pictures(client: Client) -> list[Case]:
    """A page and the cut-out of a field, of a scan that is read first."""
    document = (await client.told(client.upload(unique())))["documents"][0]["id"]
    if await client.ended(document) != "done":
        raise SystemExit(f"{SCAN} could not be read.")
    crop = client.get(f"/forms/{document}.1/fields/fields.project_name/crop.png")
    return [Case("page: a picture", [client.get(f"/documents/{document}/pages/1.png")]), Case("crop: of a field", [crop])]


def unique() -> bytes:
    """`SCAN`, as bytes that no document has had yet: a comment stands behind its end."""
    return SCAN.read_bytes() + f"\n% {secrets.token_hex(16)}\n".encode()


def _page() -> bytes:
    """A page with nothing on it but some words that no page has had yet, so that many are read quickly."""
    image = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(image).text((100, 100), secrets.token_hex(16), fill=0, font_size=40)
    data = io.BytesIO()
    image.save(data, "PNG", dpi=(150, 150))
    return data.getvalue()


@dataclass(slots=True)
class Reading:
    """What the worker reads meanwhile."""

    done: int = field(default=0)

    async def go_on(self, client: Client) -> None:
        """Have one scan read after the other."""
        while True:
            document = (await client.told(client.upload(unique())))["documents"][0]["id"]
            await client.ended(document)
            self.done += 1


@asynccontextmanager
async def reading(client: Client) -> AsyncIterator[Reading]:
    """The worker reads during the block, and has nothing left behind it."""
    made = Reading()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(made.go_on(client)) for _ in range(_READ_AT_ONCE)]
        while made.done == 0:
            await asyncio.sleep(_PAUSE)
        made.done = 0
        yield made
        for task in tasks:
            task.cancel()
    await idle(client)


async def idle(client: Client) -> None:
    """Wait until there is nothing to be read."""
    for state in ("waiting", "reading"):
        while (await client.told(client.get("/documents", state=state)))["documents"]:
            await asyncio.sleep(_PAUSE)


async def measure(client: Client, asked: Sequence[Case], connections: int, seconds: float) -> list[str]:
    """Print a row a case; the names of those that missed their goal, or were refused."""
    print(f"{'case':64} {'a second':>8} {'p50':>6} {'p95':>6} {'max':>6} ms {'goal':>5} {'service':>8} {'client':>7} cores")
    missed = []
    for case in asked:
        await client.server.load(case.requests, connections, seconds / 10)
        busy = client.cpu()
        load = await client.server.load(case.requests, connections, seconds)
        good = case.goal is None or (set(load.statuses) == {200} and load.share(0.95) <= case.goal)
        missed += [] if good else [case.name]
        print(_row(case, load, client.cpu() - busy), "" if good else " MISSED", _others(load), flush=True)
    return missed


def _row(case: Case, load: Load, busy: float) -> str:
    times = f"{load.share(0.5):6.0f} {load.share(0.95):6.0f} {load.taken[-1]:6.0f}   "
    goal = f"{case.goal:5.0f}" if case.goal is not None else "     "
    return f"{case.name:64} {load.rate:8.0f} {times} {goal} {busy / load.seconds:8.2f} {load.cpu / load.seconds:7.2f}"


def _others(load: Load) -> str:
    """Replies that are no 200; the lane of pictures is short, and says 429."""
    return " ".join(f"{status}: {count}" for status, count in load.statuses.items() if status != 200)


async def upload_at_once(client: Client, count: int) -> list[str]:
    """Upload ``count`` pages at the same moment, again where there was no room; what was lost, or answered otherwise."""
    scans = [_page() for _ in range(count)]
    statuses: Counter[int] = Counter()

    async def kept(scan: bytes) -> str:
        while True:
            reply = await client.server.once(client.upload(scan))
            statuses[reply.status] += 1
            if reply.status == 202:
                return str(json.loads(reply.body)["documents"][0]["id"])
            pause = re.search(rb"\r\nretry-after: *(\d+)", reply.head, re.IGNORECASE)
            if reply.status != 429 or pause is None:
                return f"{reply.status}"
            await asyncio.sleep(int(pause[1]))

    begun = asyncio.get_running_loop().time()
    found = await asyncio.gather(*map(kept, scans))
    seconds = asyncio.get_running_loop().time() - begun
    wrong = [name for name, scan in zip(found, scans, strict=True) if name != hashlib.sha256(scan).hexdigest()]
    states = Counter([await client.ended(name) for name in found if name not in wrong])
    print(f"{count} uploads at once: {dict(statuses)} within {seconds:.1f} s; then {dict(states)}")
    return [*wrong, *(state for state in states.elements() if state != "done")]


async def run(client: Client, asked: Sequence[Case], options: argparse.Namespace) -> list[str]:
    """All that is measured; what missed its goal."""
    await idle(client)  # the archive has documents that wait, and cannot be read
    asked = [*asked, *(await pictures(client))]
    asked = [case for case in asked if options.only in case.name]
    print(f"{options.connections} connections, nothing is read")
    missed = await measure(client, asked, options.connections, options.seconds)
    if not options.alone:
        async with reading(client) as meanwhile:
            print("\nwhile scans are read")
            missed += await measure(client, asked, options.connections, options.seconds)
            print(f"{meanwhile.done} scans were read meanwhile\n")
        missed += await upload_at_once(client, options.connections)
    return missed


def main() -> None:
    """Measure, print, and say by the exit code whether every goal is met."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.service", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="folder of the archive, which is kept; the scans that are uploaded stay in it")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=2.0, help="each case is asked for")
    parser.add_argument("--only", default="", help="cases whose names hold this")
    parser.add_argument("--alone", action="store_true", help="neither read nor upload meanwhile")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])  # what is started here inherits it
    print(f"{len(os.sched_getaffinity(0))} cores; {os.getloadavg()[0]:.1f} programs were at work in the last minute", flush=True)
    with TemporaryDirectory() as temporary:
        home = options.home or Path(temporary)
        with archive(home, options.forms) as (store, tokens), served(home, tokens) as client:
            missed = asyncio.run(run(client, cases(store, client), options))
    if missed:
        raise SystemExit("Missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
