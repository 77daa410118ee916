"""``formtally digitize``: inputs to document JSON, workbook and summary."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from models.errors import ExitCode, InstallationError, UsageError
from service.archive import Archive
from service.document_json import parse_json, to_document
from service.document_shape import DocumentJson
from service.ending import ends_orderly
from service.finished import is_result
from service.inputs import Found, find_inputs
from service.machine import sensible_workers
from service.naming import SUMMARY, WORKBOOK
from service.outcome import Outcome, State, total
from service.pool import Pool
from service.reader import PIPELINE, ReaderSpec, open_reader
from service.report import BarReport, PlainReport, print_line
from service.results_table import print_results
from service.settings import Settings, learned, limits_of, positive, setting_values, target_error
from service.summary import Ending, SummaryJson, VersionsJson, parse_summary, summarize
from service.version import installed_version
from service.wording import display, plural, storable
from service.workbook import write_workbook
from service.writing import KEPT_PAGES, OutputFolder


def run(options: Namespace) -> ExitCode:
    """Do what the command line says and print the results.

    Raises:
        FormTallyError: the run could not be done at all, or not to its end.
        KeyboardInterrupt: it was stopped; what was finished stays.
    """
    settings = settings_of(options, os.environ)
    outcomes, exit_code = digitize(settings, PIPELINE)
    if options.table or sys.stdout.isatty():
        print_results(to_document(record) for record in _records(settings.out, outcomes))
    print_line(f"Records: {display(settings.out)} ({WORKBOOK}, {SUMMARY}, one JSON for each input)", sys.stderr)
    return exit_code


def settings_of(options: Namespace, environment: Mapping[str, str]) -> Settings:
    """The settings behind a command line.

    Raises:
        UsageError: a value makes no sense.
    """
    if "" in options.inputs or options.out == "":
        raise UsageError("An empty name was given as INPUT or --out.", "Check the variable it comes from.")
    values = setting_values(vars(options), environment)
    return Settings(
        inputs=tuple(Path(name) for name in options.inputs),
        out=Path(options.out).resolve(),
        workers=sensible_workers() if options.workers is None else positive(options.workers, "--workers"),
        limits=limits_of(values),
        worker_megabytes=values["worker_megabytes"],
        target_error=target_error(options.target_error, environment),
        learned=learned(options.learned, environment),
    )


def digitize(settings: Settings, reader: str) -> tuple[tuple[Outcome, ...], ExitCode]:
    """Read every input with the reader of that name and write all results; what came of each input, in their order.

    Raises:
        InstallationError: a part is missing; the summary tells what was done until then.
        OutputError: results cannot be written.
        KeyboardInterrupt: Ctrl-C or a signal to end; the summary tells what was done until then.
    """
    out = OutputFolder(settings.out)
    with out.held(), ends_orderly():
        found = find_inputs(settings.inputs, settings.out, partial(is_result, out=settings.out))
        spec = ReaderSpec(reader, settings.limits, settings.target_error, settings.learned)
        archiving = _Run(settings, spec, out, found, open_reader(spec).version, time.monotonic())
        return archiving.carry_out()


@dataclass(frozen=True, slots=True)
class _Run:
    settings: Settings
    reader: ReaderSpec
    out: OutputFolder
    found: Found
    version: str
    begun: float

    def carry_out(self) -> tuple[tuple[Outcome, ...], ExitCode]:
        done: list[Outcome] = []
        try:
            self._read(done)
            outcomes = self._in_order(done)
            exit_code = ExitCode.OK if all(outcome.state is State.READ for outcome in outcomes) else ExitCode.INPUT
            self._write_whole_run(outcomes, exit_code)
        except KeyboardInterrupt:
            self._write_summary(self._in_order(done), ExitCode.INTERRUPTED, finished=False)
            raise
        except InstallationError as error:
            self._write_summary(self._in_order(done), error.exit_code, finished=False)
            raise
        return outcomes, exit_code

    def _read(self, done: list[Outcome]) -> None:
        """Read all inputs, adding to ``done`` as they are done."""
        settings = self.settings
        pool = Pool(settings.workers, self.reader, settings.worker_megabytes, settings.out)
        with self._report() as report, pool:
            archive = Archive(self.out, pool, settings.workers, self.version, settings.limits, report)
            for outcome in archive.outcomes(iter(self.found.files)):
                done.append(outcome)
                report.done(outcome)

    def _report(self) -> BarReport | PlainReport:
        return BarReport(len(self.found.files)) if sys.stderr.isatty() else PlainReport()

    def _in_order(self, done: Sequence[Outcome]) -> tuple[Outcome, ...]:
        place = {file.path: index for index, file in enumerate(self.found.files)}
        return tuple(sorted(done, key=lambda outcome: place[outcome.file.path]))

    def _write_whole_run(self, outcomes: tuple[Outcome, ...], exit_code: ExitCode) -> None:
        """Workbook and summary, unless both stand there already and say the same."""
        summary = self._summary(outcomes, exit_code, finished=True)
        earlier = _earlier_summary(self.settings.out)
        nothing_new = all(outcome.unchanged for outcome in outcomes) and earlier is not None and earlier.same_results(summary)
        names = (storable(outcome.file.given) for outcome in outcomes)
        if not nothing_new or not (self.settings.out / WORKBOOK).is_file():
            write_workbook(zip(names, _records(self.settings.out, outcomes), strict=True), self.out)
            self._write_summary(outcomes, exit_code, finished=True)
        self.out.drop(KEPT_PAGES)
        for line in _closing(outcomes, nothing_new=nothing_new):
            print_line(line, sys.stderr)

    def _write_summary(self, outcomes: tuple[Outcome, ...], exit_code: ExitCode, *, finished: bool) -> None:
        self.out.write(Path(SUMMARY), self._summary(outcomes, exit_code, finished=finished).to_json())

    def _summary(self, outcomes: tuple[Outcome, ...], exit_code: ExitCode, *, finished: bool) -> SummaryJson:
        versions = VersionsJson(formtally=installed_version("formtally"), reader=self.version)
        return summarize(outcomes, self.found.ignored, versions, Ending(exit_code, finished, time.monotonic() - self.begun))


def _records(out: Path, outcomes: Sequence[Outcome]) -> Iterator[DocumentJson]:
    """The documents of a run one by one, from where they were written: never all of them in memory."""
    for outcome in outcomes:
        yield parse_json((out / outcome.output).read_bytes())


def _earlier_summary(out: Path) -> SummaryJson | None:
    path = out / SUMMARY
    return parse_summary(path.read_bytes()) if path.is_file() else None


def _closing(outcomes: Sequence[Outcome], *, nothing_new: bool) -> Iterator[str]:
    """What a person wants to know at the end."""
    if not outcomes:
        yield "No input was found."
    elif nothing_new:
        yield f"Nothing to do: {plural(len(outcomes), 'input')} done already by an earlier run."
    tally = total(outcomes)
    yield f"{plural(len(outcomes), 'input')}: {plural(tally.forms, 'form')}, {tally.clear} clear, {tally.needs_review} to review."
    failed = sum(outcome.state is not State.READ for outcome in outcomes)
    if failed:
        yield f"{plural(failed, 'input')} could not be read, or not wholly; the reasons are above and in {SUMMARY}."
