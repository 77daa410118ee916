"""``formtally send``: scans go to a service, their records come back; what went wrong with one never stops the others."""

import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from models.errors import ExitCode, InputError, ServiceAnswerError, UsageError
from models.limits import Limits
from ocr.opening.source import opened
from service.client.answers import NotTakenError, Record, RecordHead, State, Taken, check, parse, parse_record
from service.client.connection import Place, get, parse_place, post
from service.client.multipart import Upload
from service.client.patience import patiently
from service.client.telling import Bars, Lines, Telling
from service.client.waiting import wait_for
from service.ending import ends_orderly
from service.inputs import InputFile, find_inputs
from service.naming import Names
from service.settings import limits_of, setting_values
from service.wording import display, printable, storable
from service.writing import write_file

TOKEN_VARIABLE = "FORMTALLY_TOKEN"  # noqa: S105  its name

_MOST_REPLY = 1_000_000
_MOST_RECORD = 256_000_000
"""Bytes: some pages of a record have 100,000, and a document may have 200 pages, or more where the service allows it."""

_LONGEST_TOKEN = 1000


def run(options: Namespace) -> ExitCode:
    """Send every file, wait, and print or write the records; 2 where something could not be read.

    Raises:
        UsageError: URL or token are wrong.
        ServiceError: the service cannot be reached, or does not answer as agreed; records that were written stay.
        OutputError: a record cannot be written.
        KeyboardInterrupt: Ctrl-C or a signal to end; what was sent is read all the same.
    """
    place = parse_place(options.url, token_of(options.token_file, os.environ))
    limits = limits_of(setting_values({}, os.environ))
    out = None if options.out is None else Path(options.out).absolute()
    files = find_inputs([Path(name) for name in options.files], out or Path(), lambda _: False).files
    with ends_orderly(), Bars(len(files)) if sys.stderr.isatty() else Lines() as telling:
        faults = send(Sender(place, limits, telling), files, Printed(telling) if out is None else Written(out))
    return ExitCode.INPUT if faults else ExitCode.OK


def token_of(file: str | None, environment: Mapping[str, str]) -> str:
    """The token in ``file``, else in the environment; empty where there is none.

    Raises:
        UsageError: the file cannot be read, or holds something else.
    """
    if file is None:
        return environment.get(TOKEN_VARIABLE, "").strip()
    try:
        with Path(file).open(encoding="ascii") as text:
            return text.read(_LONGEST_TOKEN).strip()
    except (OSError, ValueError) as error:
        raise UsageError(f"--token-file {printable(file)!r} cannot be read as a token.", "Give a file with nothing else in it.") from error


class Printed:
    """Records on stdout, one a line (JSON Lines)."""

    def __init__(self, telling: Telling) -> None:
        """Nothing is printed yet."""
        self._telling = telling

    def keep(self, file: InputFile, sha256: str, record: Record) -> str:  # noqa: ARG002  `Written` needs them
        """Print the record; nothing more is to be said."""
        self._telling.print(record.line)
        return ""


class Written:
    """Records as files below a folder, as `formtally digitize` names them."""

    def __init__(self, out: Path) -> None:
        """Nothing is written yet."""
        self._out = out
        self._names = Names(out)

    def keep(self, file: InputFile, sha256: str, record: Record) -> str:
        """Write the record as it came; says where.

        Raises:
            OutputError: it cannot be written.
        """
        name = self._names.claim(file, lambda path: _is_record_of(path, sha256))
        write_file(self._out / name, record.body)
        return f" -> {display(name)}"


@dataclass(frozen=True, slots=True)
class Sender:
    """What sends.

    Attributes:
        place: of the service.
        limits: of a file's size.
        telling: is told how it goes.
    """

    place: Place
    limits: Limits
    telling: Telling

    def upload(self, file: InputFile) -> str:
        """Send a file; its SHA-256, by which the service knows it.

        Raises:
            InputError: it cannot be read.
            NotTakenError: the service does not take it.
            ServiceError: the service does not answer, or not as agreed.
        """
        if file.refusal is not None:
            raise file.refusal
        with opened(file.path, self.limits) as source, open(source.descriptor, "rb", closefd=False) as stream:
            upload = Upload(storable(PurePath(file.path.name)), stream, self.telling.sent)
            sha256 = upload.sha256
            taken = patiently(self.place, lambda: self._attempt(file, upload), self.telling.note)
            source.check_unchanged()
        for refused in taken.refused:
            raise NotTakenError(refused.problem.line)
        if [each.id for each in taken.documents] != [sha256]:
            raise ServiceAnswerError("The service has received other bytes than were sent.", "Send it again; read the service's log.")
        return sha256

    def record(self, sha256: str) -> Record:
        """The record of a document that was read, or could not be.

        Raises:
            NotTakenError: there is none.
            ServiceError: the service does not answer, or not as agreed.
        """

        def attempt() -> Record:
            reply = get(self.place, f"/documents/{sha256}/record", _MOST_RECORD)
            check(reply)
            return parse_record(reply.body, sha256)

        return patiently(self.place, attempt, self.telling.note)

    def _attempt(self, file: InputFile, upload: Upload) -> Taken:
        self.telling.sending(display(file.given), upload.length)
        reply = post(self.place, "/documents", upload, _MOST_REPLY)
        check(reply)
        return parse(reply.body, Taken)


def send(sender: Sender, files: Sequence[InputFile], kept: Printed | Written) -> int:
    """Send ``files``, then wait for each and keep its record; how many could not be read whole.

    Raises:
        FormTallyError: there is no use in going on.
    """
    sent: list[tuple[InputFile, str]] = []
    for file in files:
        try:
            sent.append((file, sender.upload(file)))
        except InputError as error:
            _fault(sender.telling, file, f"{error.code}: {printable(str(error))}")
        except NotTakenError as refusal:
            _fault(sender.telling, file, str(refusal))
    return len(files) - len(sent) + sum(not _collect(sender, file, sha256, kept) for file, sha256 in sent)


def _collect(sender: Sender, file: InputFile, sha256: str, kept: Printed | Written) -> bool:
    """Wait for one document and keep its record; whether all of it could be read."""
    telling, name = sender.telling, display(file.given)
    try:
        status = wait_for(sender.place, sha256, lambda status: telling.see(name, status), telling.note)
        record = sender.record(sha256)
    except NotTakenError as refusal:
        _fault(telling, file, str(refusal))
        return False
    for problem in record.problems:
        telling.note(f"{name}: {problem.line}")
    telling.ended(name, f"{status.state}{kept.keep(file, sha256, record)}")
    return status.state is State.DONE and all(problem.is_warning for problem in record.problems)


def _fault(telling: Telling, file: InputFile, line: str) -> None:
    telling.note(f"{display(file.given)}: {line}")
    telling.ended(display(file.given), "not read")


def _is_record_of(path: Path, sha256: str) -> bool:
    """Whether a file is an earlier record of the same bytes."""
    with suppress(OSError, ServiceAnswerError):
        return parse(path.read_bytes(), RecordHead).source.sha256 == sha256
    return False
