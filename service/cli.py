"""The command line. Nothing heavy is imported before a command is known: ``formtally --help`` answers at once."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn, cast

from models.errors import ExitCode, FormTallyError, InstallationError, UsageError
from service.access.roles import Role
from service.settings import (
    CHECK_SHARE,
    CHECK_SHARE_HELP,
    CHECK_SHARE_OPTION,
    CHECK_SHARE_VARIABLE,
    LEARNED_HELP,
    LEARNED_OPTION,
    LEARNED_VARIABLE,
    SETTINGS,
    TARGET_ERROR,
    TARGET_ERROR_HELP,
    TARGET_ERROR_OPTION,
    TARGET_ERROR_VARIABLE,
)
from service.store.home import (
    DATABASE_HELP,
    DATABASE_OPTION,
    DATABASE_VARIABLE,
    FILES_HELP,
    FILES_OPTION,
    FILES_VARIABLE,
    HOME_HELP,
    HOME_OPTION,
    HOME_VARIABLE,
)

_SEE_HELP = "See `formtally --help`."

_ROLES = tuple(str(role) for role in Role)

_EXIT_CODES = """exit codes:
  0    all inputs read
  1    wrong usage
  2    some input could not be read, the rest is written
  3    a part of the installation is missing
  4    output could not be written
  130  interrupted; the same command goes on from there"""


class _Parser(argparse.ArgumentParser):
    """Reports a wrong command line as an error like any other."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting with a code of argparse's own."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; the one place where errors become messages."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        exit_code = _dispatch(arguments)
        sys.stdout.flush()
    except FormTallyError as error:
        sys.stderr.write(f"formtally: {error}\n")
        return error.exit_code
    except BrokenPipeError:  # nobody reads stdout any more; Python would complain once more on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OUTPUT
    except KeyboardInterrupt:
        sys.stderr.write("\nformtally: interrupted. What was finished stays; run the same command to go on from there.\n")
        return ExitCode.INTERRUPTED
    return exit_code


def build_parser() -> argparse.ArgumentParser:
    """Every command and option."""
    parser = _Parser(
        prog="formtally",
        description="Digitizes scanned Chinese budget-performance forms into records that can be checked (表核).",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the versions and exit")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    _add_digitize(commands)
    _add_show(commands)
    _add_template(commands)
    _add_archive(commands)
    _add_reports(commands)
    _add_store(commands)
    _add_service(commands)
    _add_users(commands)
    doctor = _add_command(commands, "doctor", "service.doctor:run", "check the installation and say what to do about each fault")
    doctor.add_argument("--out", metavar="DIR", help="check also that records can be written there")
    _add_command(commands, "version", "service.version:run", "print the versions")
    return parser


def _dispatch(arguments: Sequence[str] | None) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.version:
        return _handler("service.version:run")(options)
    if options.command is None:
        raise UsageError("No command was given.", _SEE_HELP)
    return _handler(options.handler)(options)


def _handler(name: str) -> Callable[[argparse.Namespace], int]:
    """The function ``module:function``, imported now.

    Raises:
        InstallationError: a library that it stands on is missing or does not load.
    """
    module, _, function = name.partition(":")
    try:
        return cast("Callable[[argparse.Namespace], int]", getattr(import_module(module), function))
    except ImportError as error:
        raise InstallationError(f"A library cannot be loaded: {error}.", "Run `formtally doctor`.") from error


def _add_command(commands: "argparse._SubParsersAction[_Parser]", name: str, handler: str, text: str) -> _Parser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(handler=handler)
    return parser


def _add_digitize(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add_command(commands, "digitize", "service.digitizing:run", "read scans and write their records")
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="a PDF, PNG, JPEG or TIFF file, or a folder of them, searched in depth")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the records")
    parser.add_argument("--table", action="store_true", help="print a table of what was read, as on a terminal")
    _add_means(parser)


def _add_show(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = _add_command(commands, "show", "service.showing:run", "draw everything found on one page: lines, grid, roles, readings")
    parser.add_argument("input", metavar="INPUT", help="a PDF, PNG, JPEG or TIFF file")
    parser.add_argument("--page", required=True, metavar="N", help="page to draw, from 1")
    parser.add_argument("--out", metavar="PNG", help="picture to write (default: the input's name with -page-N.png, in the current folder)")


def _add_archive(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("archive", help="whole archives of scans", description="Whole archives of scans.")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    added = _add_command(actions, "add", "service.archiving.adding:run", "register the scans below folders; those known by content once")
    added.add_argument("folders", nargs="+", metavar="FOLDER", help="searched in depth")
    watched = _add_command(actions, "watch", "service.archiving.watching:run", "register scans as they appear below a folder")
    watched.add_argument("folder", metavar="FOLDER", help="searched in depth, again and again")
    for told in (added, watched):
        told.add_argument("--pattern", metavar="REGEX", help="year and unit in a path, such as '(?P<year>20\\d\\d)/(?P<unit>[^/]+)'")
    running = _add_command(actions, "run", "service.archiving.running:run", "read all documents that wait")
    status = _add_command(actions, "status", "service.archiving.telling:run_status", "say how far the archive is read")
    again = _add_command(actions, "retry", "service.archiving.telling:run_retry", "have documents that could not be read tried again")
    again.add_argument("documents", nargs="*", metavar="WORD", help="beginning of a SHA-256, or part of a path (default: all)")
    worker = _add_command(commands, "worker", "service.archiving.running:run_worker", "read whatever waits, until a signal to end")
    for reading in (running, worker):
        _add_means(reading)
        _add_checks(reading)
    for parser in (added, watched, running, status, again, worker):
        add_place(parser)


def _add_means(parser: argparse.ArgumentParser) -> None:
    """What reading may cost, and what is accepted."""
    parser.add_argument("--workers", metavar="N", help="processes (default: as many as cores and free memory allow)")
    told = f"{TARGET_ERROR_HELP} (default {TARGET_ERROR}; environment variable {TARGET_ERROR_VARIABLE})"
    parser.add_argument(TARGET_ERROR_OPTION, dest="target_error", metavar="SHARE", help=told)
    parser.add_argument(LEARNED_OPTION, dest="learned", metavar="DIR", help=f"{LEARNED_HELP} (environment variable {LEARNED_VARIABLE})")
    for setting in SETTINGS:
        text = f"{setting.help} (default {setting.default}; environment variable {setting.variable})"
        parser.add_argument(setting.option, dest=setting.name, metavar="N", help=text)


def _add_checks(parser: argparse.ArgumentParser) -> None:
    """What people look at beside what the machine leaves to them."""
    told = f"{CHECK_SHARE_HELP} (default {CHECK_SHARE}; environment variable {CHECK_SHARE_VARIABLE})"
    parser.add_argument(CHECK_SHARE_OPTION, dest="check_share", metavar="SHARE", help=told)
    parser.add_argument(
        "--double-keyed",
        action="append",
        default=[],
        metavar="NAME",
        help="a field or column that two people must key alike on each form that people look at, such as total_score "
        "(environment variable FORMTALLY_DOUBLE_KEYED, with commas)",
    )


def _add_reports(commands: "argparse._SubParsersAction[_Parser]") -> None:
    written = _add_command(commands, "export", "service.exporting:run", "write the archive's forms, or its originals as searchable PDF/A")
    written.add_argument("--format", required=True, choices=("xlsx", "csv", "parquet", "json", "pdf"), help="docs/export.md describes each")
    written.add_argument("--out", required=True, metavar="FILE", help="file to write; for pdf a folder")
    written.add_argument("--year", metavar="YYYY", help="only forms of this year")
    written.add_argument("--unit", metavar="NAME", help="only forms of this unit, to the letter")
    written.add_argument("--kind", choices=("self_evaluation", "performance_target", "unknown"), help="only forms of this kind")
    written.add_argument("--status", choices=("clear", "needs_review"), help="only forms that need no person, or do")
    people = ("none", "waiting", "returned", "approved")
    written.add_argument("--reviewed", choices=people, help="only forms with which people have come so far; none: they concern nobody")
    compared = _add_command(commands, "audit", "service.auditing:run", "compare forms of the same project over kinds and years")
    compared.add_argument("--out", required=True, metavar="DIR", help="folder for audit.xlsx and audit.html")
    told = _add_command(commands, "learn", "service.teaching:run", "say how good the machine was on the forms that people approved")
    told.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="first day of the figures (default: a year ago)")
    told.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="last day of the figures (default: today)")
    told.add_argument("--write", metavar="DIR", help=f"write what the reader may learn from it, for {LEARNED_OPTION}")
    told.add_argument(LEARNED_OPTION, dest="learned", metavar="DIR", help=f"what was read by (environment variable {LEARNED_VARIABLE})")
    for parser in (written, compared, told):
        add_place(parser)


def _add_store(commands: "argparse._SubParsersAction[_Parser]") -> None:
    kept = _add_command(commands, "backup", "service.backing_up:run_backup", "copy the archive into a folder, while it is at work")
    kept.add_argument("folder", metavar="DEST", help="new, empty, or holding an earlier backup, which is brought up to date")
    back = _add_command(commands, "restore", "service.backing_up:run_restore", "make an archive of a backup again")
    back.add_argument("folder", metavar="SRC", help="folder that `formtally backup` has written")
    history = commands.add_parser("history", help="check the history of corrections", description="Check the history of corrections.")
    actions = history.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    verify = _add_command(actions, "verify", "service.history_checking:run", "find any correction that was changed, removed or inserted")
    verify.add_argument("--backup", action="append", default=[], metavar="DEST", help="the history must be that of this backup, gone on")
    verify.add_argument("--head", action="append", default=[], metavar="N:HASH", help="the same of an end of the history that was noted")
    for parser in (kept, back, verify):
        add_place(parser)


def _add_service(commands: "argparse._SubParsersAction[_Parser]") -> None:
    served = _add_command(commands, "serve", "service.serving.starting:run", "take scans over HTTP, read them, and show what was read")
    served.add_argument("--host", default="127.0.0.1", help="name or address to listen at (default %(default)s: this machine alone)")
    served.add_argument("--port", default="8765", metavar="N", help="port to listen at, 0 for any that is free (default %(default)s)")
    served.add_argument("--name", action="append", default=[], help="a name that the service is called by; needed with --host 0.0.0.0")
    served.add_argument("--https", action="store_true", help="it is reached by HTTPS alone, through a proxy: cookies are sent no other way")
    served.add_argument(
        "--webhook-network",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a network that is not public and that webhooks may lead to, such as 10.1.0.0/16 "
        "(environment variable FORMTALLY_WEBHOOK_NETWORKS, with commas)",
    )
    served.add_argument(
        "--metrics-token-file",
        metavar="FILE",
        help="file with a token by which /metrics is read (else environment variable FORMTALLY_METRICS_TOKEN; else administrators alone)",
    )
    served.add_argument(
        "--two-people",
        action="store_true",
        help="whoever approves a form must not have changed it (environment variable FORMTALLY_TWO_PEOPLE=1)",
    )
    served.add_argument("--processes", metavar="N", help="that answer (default: two, or one where there is one core)")
    _add_means(served)
    _add_checks(served)
    add_place(served)
    sent = _add_command(commands, "send", "service.sending:run", "send scans to a service, wait, and get their records")
    sent.add_argument("files", nargs="+", metavar="FILE", help="a PDF, PNG, JPEG or TIFF file, or a folder of them, searched in depth")
    sent.add_argument("--url", required=True, help="of the service, such as http://127.0.0.1:8765")
    sent.add_argument("--token-file", metavar="FILE", help="file with the token (else environment variable FORMTALLY_TOKEN)")
    sent.add_argument("--out", metavar="DIR", help="folder for the records (default: on stdout, one a line)")


def _add_users(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("user", help="users, roles and tokens", description="Users, roles and tokens.")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    add_place(_add_command(actions, "list", "service.managing_users:run_list", "print every user with his role"))
    of_one = {
        action: _add_command(actions, action, f"service.managing_users:run_{action}", text)
        for action, text in (
            ("add", "make a user, who has no password yet"),
            ("role", "give a user another role"),
            ("disable", "let nobody act as a user; sessions and tokens end for good"),
            ("enable", "let a user log in again"),
            ("invite", "print a link by which a user sets a password, once"),
            ("token", "print a new token, by which a program acts as a user"),
            ("tokens", "print which tokens a user has"),
            ("revoke", "end a token at once"),
        )
    }
    for action in of_one.values():
        action.add_argument("name", metavar="NAME", help="of the user")
        add_place(action)
    of_one["add"].add_argument("--role", required=True, choices=_ROLES, help="what the user may do")
    of_one["role"].add_argument("role", choices=_ROLES, help="what the user may do from now on")
    of_one["token"].add_argument("--label", required=True, metavar="TEXT", help="what it is for")
    of_one["token"].add_argument("--days", metavar="N", help="how long it is good (default: until it is revoked)")
    of_one["revoke"].add_argument("token", metavar="ID", help="as `tokens` prints it")


def add_place(parser: argparse.ArgumentParser) -> None:
    """The options that say where the archive is."""
    for option, variable, text in (
        (HOME_OPTION, HOME_VARIABLE, HOME_HELP),
        (DATABASE_OPTION, DATABASE_VARIABLE, DATABASE_HELP),
        (FILES_OPTION, FILES_VARIABLE, FILES_HELP),
    ):
        parser.add_argument(option, metavar="PLACE", help=f"{text} (environment variable {variable})")


def _add_template(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("template", help="work with form templates", description="Work with form templates.")
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    check = _add_command(actions, "check", "service.template_checking:run", "report every fault of template files with its place")
    check.add_argument("files", nargs="+", metavar="FILE", help="a template (YAML)")


if __name__ == "__main__":
    sys.exit(main())
