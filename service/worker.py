"""One worker: a process with one engine and one thread that does one task at a time and ends with its parent."""

import os
import resource
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

import msgspec

from models.errors import FormTallyError, InstallationError, PageUnreadableError, TooHungryError
from models.form import Source
from models.geometry import Box
from models.limits import Limits
from service.document_json import Origin, to_json
from service.kin import end_kin, own_mark
from service.messages import Answer, Assemble, Assembled, Failed, Inspect, Kept, Read, ReadRegion, ReadTurned, Spoilt, Task, Working
from service.reader import Reader, ReaderSpec, SpoiltError, open_reader
from service.writing import OutputFolder

_LAST_RESORT_SECONDS = 3600
"""A task that hangs in foreign code while nobody is left to end it is ended by the kernel after this; a page has minutes at most."""

MOST_MEGABYTES = 4096
"""A worker that wants more gets none, before the whole machine runs out. One page of 95 megapixels took 2130 MB, all sample scans 710."""


def serve(connection: Connection, reader: ReaderSpec, out: bytes) -> None:
    """Do tasks from ``connection`` until it closes; the main function of a worker process."""
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEGABYTES << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    desk = _Desk(open_reader(reader), reader.limits, OutputFolder(Path(os.fsdecode(out))))
    decoder = msgspec.msgpack.Decoder(Task)
    encoder = msgspec.msgpack.Encoder()

    def say(message: Working | Answer) -> None:
        connection.send_bytes(encoder.encode(message))

    with suppress(EOFError, ConnectionError):
        while True:
            task = decoder.decode(connection.recv_bytes())
            signal.alarm(_LAST_RESORT_SECONDS)
            say(_answer(desk, task, say))
            signal.alarm(0)


def _end_with_parent() -> None:
    """Lead a session of one's own, out of reach of the terminal's Ctrl-C, and end with all kin when the parent ends, however it ends."""
    os.setsid()
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        end_kin(own_mark())
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a worker works with."""

    reader: Reader
    limits: Limits
    out: OutputFolder


def _answer(desk: _Desk, task: Task, say: Callable[[Working], None]) -> Answer:
    """What came of ``task``; the one place where a worker's errors become values, so that none ends the run."""
    try:
        return _done(desk, task, say)
    except FormTallyError as error:
        return Failed(error.code, error.what, error.remedy, error.exit_code)
    except MemoryError:
        hungry = TooHungryError("Reading needs more memory than a worker may have.", "Scan it at 300 dpi.")
        return Failed(hungry.code, hungry.what, hungry.remedy, hungry.exit_code)
    except Exception as error:  # noqa: BLE001  a fault of ours on one page must not cost the others; it is reported with its trace
        fault = PageUnreadableError(
            f"Reading failed with {type(error).__name__}: {error}.", "Report this, with the scan if you may share it."
        )
        return Failed(fault.code, fault.what, fault.remedy, fault.exit_code, traceback.format_exc())


def _done(desk: _Desk, task: Task, say: Callable[[Working], None]) -> Answer:
    match task:
        case Inspect():
            say(Working())
            return desk.reader.inspect(_path(task.path))
        case Read():
            _prepare(desk.reader)
            say(Working())
            desk.out.write(_path(task.target), desk.reader.read(_path(task.path), task.page))
            return Kept()
        case ReadTurned():
            _prepare(desk.reader)
            say(Working())
            return _read_turned(desk, task)
        case ReadRegion():
            _prepare(desk.reader)
            say(Working())
            return desk.reader.read_region(_path(task.path), task.page, Box(*task.box), task.turns, task.wanted)
        case Assemble():
            say(Working())
            return _assembled(desk, task)


def _read_turned(desk: _Desk, task: ReadTurned) -> Answer:
    others = [(desk.out.root / _path(page)).read_bytes() for page in task.others]
    try:
        desk.out.write(_path(task.target), desk.reader.read_turned(_path(task.path), task.page, task.turns, others))
    except SpoiltError:
        return Spoilt()
    return Kept()


def _prepare(reader: Reader) -> None:
    """Load what reading needs; whatever goes wrong here is not the page's fault."""
    try:
        reader.prepare()
    except FormTallyError:
        raise
    except Exception as error:
        raise InstallationError(f"The recognizer cannot be loaded: {type(error).__name__}: {error}.", "Run `formtally doctor`.") from error


def _assembled(desk: _Desk, task: Assemble) -> Answer:
    source = Source(task.name, task.sha256, task.count)
    try:
        contents = [(desk.out.root / _path(page)).read_bytes() for page in task.pages]
        path = _path(task.path) if task.path else None
        made = desk.reader.assemble(path, contents, source, task.problems)
    except (FileNotFoundError, SpoiltError):
        for page in task.pages:
            (desk.out.root / _path(page)).unlink(missing_ok=True)
        return Spoilt()
    for page, content in zip(task.pages, made.pages, strict=False):  # what was seen again is kept with its page
        desk.out.write(_path(page), content)
    desk.out.write(_path(task.target), to_json(made.document, Origin(desk.reader.version, desk.limits, task.origin)))
    return Assembled(made.lines, made.seconds)


def _path(raw: bytes) -> Path:
    return Path(os.fsdecode(raw))
