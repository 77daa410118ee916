"""Scans go out, records come back, through everything that may happen between."""

import hashlib
import json
import os
import pty
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.errors import ExitCode
from service.cli import main
from service.client import patience, waiting
from service.client.connection import parse_place, stream
from service.client.waiting import event_data
from tests.service.client.services import TOKEN, World, problem, raw, record, service
from tests.service.serving.receivers import wait_until

SECONDS = 30


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMTALLY_TOKEN", TOKEN)
    monkeypatch.setattr(patience, "PAUSES", (0.05,))
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 2.0)
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0.01)


def scan(folder: Path, name: str = "a.pdf", data: bytes = b"%PDF-1.4 scan") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def digest(data: bytes = b"%PDF-1.4 scan") -> str:
    return hashlib.sha256(data).hexdigest()


def send(url: str, *arguments: str) -> int:
    return main(["send", *arguments, "--url", url])


def test_a_record_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    with service(world) as url:
        assert send(url, scan(tmp_path)) == ExitCode.OK
    said = capsys.readouterr()
    assert [json.loads(line) for line in said.out.splitlines()] == [record("a.pdf", digest())]
    assert said.err.splitlines()[-2:] == [f"{tmp_path}/a.pdf: reading, 1 of 2 pages", f"{tmp_path}/a.pdf: done"]
    assert world.kept[digest()].data == b"%PDF-1.4 scan"


def test_records_are_written_where_each_file_lies(tmp_path: Path) -> None:
    world, out = World(), tmp_path / "out"
    files = [
        scan(tmp_path, "a.pdf", b"1"),
        scan(tmp_path, "x/b.tif", b"2"),
        scan(tmp_path, "y/b.pdf", b"3"),
        scan(tmp_path, "z/c.pdf", b"1"),
    ]
    with service(world) as url:
        for _ in range(2):  # the second time the same names
            assert send(url, *files, "--out", str(out)) == ExitCode.OK
    told = {path.name: json.loads(path.read_bytes())["source"]["sha256"] for path in out.iterdir()}
    assert told == {"a.json": digest(b"1"), "b.json": digest(b"2"), "b.pdf.json": digest(b"3"), "c.json": digest(b"1")}


def test_a_folder_is_searched_and_nothing_of_others_written_over(tmp_path: Path) -> None:
    scan(tmp_path, "in/2020/a.pdf")
    mine = tmp_path / "out/2020/a.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with service(World()) as url:
        assert send(url, str(tmp_path / "in"), "--out", str(tmp_path / "out")) == ExitCode.OK
    assert mine.read_text() == "mine"
    assert (tmp_path / "out/2020/a.pdf.json").is_file()


def test_a_megabyte_arrives_as_it_is_under_its_name(tmp_path: Path) -> None:
    data = b'\r\n--boundary--\r\nContent-Disposition: form-data; name="files"\r\n\r\n' * 20_000
    world = World()
    with service(world) as url:
        assert send(url, scan(tmp_path, '绩效"; name="x\r\n.pdf', data)) == ExitCode.OK
    (kept,) = world.kept.values()
    assert (kept.data == data, kept.name) == (True, "绩效%22; name=%22x%0D%0A.pdf")


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = json.dumps({"documents": [], "refused": [{"name": "b.pdf", "problem": json.loads(problem("input_unknown_type", 415))}]})
    world = World(replies={"POST": [(202, {}, refusal.encode()), (413, {}, problem("body_too_large", 413))]})
    files = [scan(tmp_path, "b.pdf"), scan(tmp_path, "c.pdf"), str(tmp_path / "none.pdf"), scan(tmp_path, "empty.pdf", b""), scan(tmp_path)]
    with service(world) as url:
        assert send(url, *files) == ExitCode.INPUT
    said = capsys.readouterr()
    assert [json.loads(line)["source"]["name"] for line in said.out.splitlines()] == ["a.pdf"]
    for line in (
        "b.pdf: input_unknown_type: A reason.",
        "c.pdf: body_too_large: A reason.",
        "none.pdf: input_not_found",
        "empty.pdf: input_empty",
    ):
        assert f"{tmp_path}/{line}" in said.err


@pytest.mark.parametrize("has_events", [True, False])
def test_a_document_that_fails_or_has_a_bad_page_is_told(tmp_path: Path, has_events: bool, capsys: pytest.CaptureFixture[str]) -> None:
    fault = {"page": 0, "code": "input_damaged", "message": "It is cut off."}
    failing = World(states=["waiting", "failed"], problems=[fault], has_events=has_events)
    partly = World(problems=[{"page": 2, "code": "page_lost", "message": "Twice."}], has_events=has_events)
    warned = World(problems=[{"page": 0, "code": "input_wrong_suffix", "message": "It is a PNG."}], has_events=has_events)
    codes = []
    for world in (failing, partly, warned):
        with service(world) as url:
            codes.append(send(url, scan(tmp_path)))
    said = capsys.readouterr()
    assert codes == [ExitCode.INPUT, ExitCode.INPUT, ExitCode.OK]
    assert len(said.out.splitlines()) == 3
    for line in ("input_damaged: It is cut off.", "page 2: page_lost: Twice.", "input_wrong_suffix: It is a PNG."):
        assert f"{tmp_path}/a.pdf: {line}" in said.err


def test_without_events_it_asks(tmp_path: Path) -> None:
    world = World(has_events=False, states=["waiting"] * 3 + ["reading"] * 3 + ["done"])
    with service(world) as url:
        assert send(url, scan(tmp_path)) == ExitCode.OK
    assert world.asked.count("status") == 7


def test_it_comes_again_when_there_is_no_room_as_late_as_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    busy = (429, {"Retry-After": "1"}, problem("queue_full", 429))
    world = World(replies={"POST": [busy, busy], "record": [(503, {"Retry-After": "nonsense" * 1000}, b""), busy]})
    begun = time.monotonic()
    with service(world) as url, pytest.MonkeyPatch.context() as patched:
        patched.setattr("service.client.answers._UNTOLD_WAIT", 1.0)
        assert send(url, scan(tmp_path)) == ExitCode.OK
    assert time.monotonic() - begun >= 4
    assert world.asked.count("POST") == 3
    assert "has no room just now; again in 1 second" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["POST", "events", "status", "record"])
@pytest.mark.parametrize(
    "broken",
    [b"", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 900\r\n\r\nevent: state\ndata: {"],
    ids=["nothing", "half a line", "half a body"],
)
def test_a_connection_that_breaks_anywhere_is_made_again(tmp_path: Path, what: str, broken: bytes) -> None:
    world = World(replies={what: [(0, {}, broken)] * 2}, has_events=what != "status")
    with service(world) as url:
        assert send(url, scan(tmp_path)) == ExitCode.OK
    assert world.asked.count(what) >= (1 if what == "events" else 3)
    assert len(world.kept) == 1


def test_a_service_that_is_started_again_while_it_waits_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stream of events breaks, nobody is there for a while, and then the same archive is."""
    broken: tuple[int, dict[str, str], bytes] = (0, {}, b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: here\n\n")
    world, over = World(replies={"events": [broken] * 100}, states=["reading"]), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def twice() -> None:
        with service(world, port):
            wait_until(lambda: "events" in world.asked)
        time.sleep(0.3)
        world.states, world.replies = ["done"], {}
        with service(world, port):
            over.wait(SECONDS)

    thread = threading.Thread(target=twice)
    thread.start()
    assert send(f"http://127.0.0.1:{port}", scan(tmp_path)) == ExitCode.OK
    over.set()
    thread.join()
    assert f"http://127.0.0.1:{port} does not answer" in capsys.readouterr().err


def test_nobody_there_is_told_in_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}", scan(tmp_path)) == ExitCode.OUTPUT
    assert f"http://127.0.0.1:{port} does not answer" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        ((401, {}, problem("not_logged_in", 401)), ExitCode.USAGE, "does not accept the token"),
        ((403, {}, problem("forbidden", 403)), ExitCode.USAGE, "forbidden: A reason."),
        ((302, {"Location": "http://elsewhere.example/\x1b[2J"}, b""), ExitCode.USAGE, "(http://elsewhere.example/\\x1b[2J), which is not"),
        ((200, {}, b"<html>hello</html>"), ExitCode.OUTPUT, "none of FormTally"),
        ((200, {}, b"[]"), ExitCode.OUTPUT, "none of FormTally"),
        ((200, {}, b"{}"), ExitCode.OUTPUT, "other bytes than were sent"),
        ((200, {}, json.dumps({"documents": [{"id": "../../etc/passwd"}]}).encode()), ExitCode.OUTPUT, "none of FormTally"),
        ((200, {}, json.dumps({"documents": [{"id": "0" * 64}]}).encode()), ExitCode.OUTPUT, "other bytes than were sent"),
        ((200, {}, b"[" * 500_000), ExitCode.OUTPUT, "none of FormTally"),
        ((200, {}, b"\xff\xfe"), ExitCode.OUTPUT, "none of FormTally"),
        ((200, {}, b"1" * 2_000_000), ExitCode.OUTPUT, "longer than"),
        ((500, {}, b"\x1b]0;owned\x07"), ExitCode.INPUT, "status 500: without a reason"),
        ((422, {}, problem("x\x1b[31m\n", 422, "\x9b2J\u202e" + "y" * 100_000)), ExitCode.INPUT, "x\\x1b[31m\\n: \\x9b2J\\u202eyyy"),
    ],
)
def test_an_answer_that_was_not_agreed_on_is_refused_and_steers_no_terminal(
    reply: tuple[int, dict[str, str], bytes], code: ExitCode, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with service(World(replies={"POST": [reply]})) as url:
        assert send(url, scan(tmp_path)) == code
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""
    assert len(said.err) < 5000
    assert all(line.isprintable() for line in said.err.splitlines())


def status(**other: object) -> bytes:
    return json.dumps({"id": digest(), "state": "done", **other}).encode()


@pytest.mark.parametrize(
    "body",
    [
        status(id="0" * 64),
        status(state="finished"),
        status(state=["done"]),
        status(pages=-1),
        status(pages=10**30),
        status(error="yes"),
        b"null",
    ],
)
@pytest.mark.parametrize("what", ["events", "status"])
def test_a_state_of_another_shape_is_refused(what: str, body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, wrapped = ("text/event-stream", b"event: state\ndata: " + body + b"\n\n") if what == "events" else ("application/json", body)
    with service(World(replies={what: [(200, {"Content-Type": kind}, wrapped)]}, has_events=what == "events")) as url:
        assert send(url, scan(tmp_path)) == ExitCode.OUTPUT
    assert "The service" in capsys.readouterr().err


def whole(**other: object) -> bytes:
    return json.dumps(record("a.pdf", digest()) | other, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        whole(schema="formtally/document/2"),
        whole(source={"name": "a", "sha256": "0" * 64}),
        whole()[:-1] + b', "x": 1e999}',
        whole()[:-1] + b', "x": NaN}',
        whole()[:-1] + b', "x": ' + b"9" * 5000 + b"}",
        whole()[:-1] + b', "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        whole() + b"{}",
        whole(problems={"page": 1}),
        whole(problems=[{"page": "x", "code": 1}]),
        whole()[:-1] + b', "x": "\\ud83d"}',
    ],
)
def test_a_record_that_is_none_is_neither_printed_nor_written(body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ((), ("--out", str(tmp_path / "out"))):
        with service(World(replies={"record": [(200, {}, body)]})) as url:
            assert send(url, scan(tmp_path), *more) == ExitCode.OUTPUT
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "out").exists()


def test_what_a_record_says_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "a\x1b[2J\x9b\x7f\u202e\u2066\u2028\n标题"
    body = json.dumps(record("a.pdf", digest()) | {"problems": [{"code": "x", "message": evil}]}).encode()
    with service(World(replies={"record": [(200, {}, body)]})) as url:
        assert send(url, scan(tmp_path)) == ExitCode.INPUT
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isprintable()
    assert json.loads(line)["problems"] == [{"code": "x", "message": evil}]
    assert "标题" in line


def test_a_stream_without_end_costs_no_memory_and_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:

    def flood(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        while True:
            connection.sendall(b"data: " + b"x" * 1_000_000)

    monkeypatch.setattr("service.client.connection._STREAM_SECONDS", 0.5)
    with raw(flood) as url, stream(parse_place(url, ""), "/documents/x/events", "text/event-stream", 5.0) as lines:
        assert list(event_data(lines, "state")) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "ftp://a.example"],
        ["--url", "127.0.0.1:8765"],
        ["--url", "http://"],
        ["--url", "http://user:secret@a.example/"],
        ["--url", "http://a.example/?x=1"],
        ["--url", "http://a.example:0"],
        ["--url", "http://a.example/ x"],
        ["--url", "http://a.example", "--token-file", "/nonexistent"],
        ["--url", "http://a.example", "--token-file", "/dev/urandom"],
    ],
)
def test_wrong_usage_is_told_before_anything_is_sent(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", scan(tmp_path), *arguments]) == ExitCode.USAGE
    assert "secret" not in capsys.readouterr().err


def test_the_token_is_taken_from_a_file_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORMTALLY_TOKEN", "ft_wrong")
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    with service(World()) as url:
        assert send(url, scan(tmp_path)) == ExitCode.USAGE
        assert send(url, scan(tmp_path), "--token-file", str(token)) == ExitCode.OK
    said = capsys.readouterr()
    assert "ft_" not in said.err + said.out


def test_a_refusal_in_the_middle_of_a_large_upload_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The service answers when it has seen the head, and closes; the rest is not sent."""
    sent = scan(tmp_path, "large.pdf", b"x" * 50_000_000)
    world = World(replies={"POST": [(413, {}, problem("body_too_large", 413))]})
    with service(world) as url:
        assert send(url, sent) == ExitCode.INPUT
    assert "large.pdf: body_too_large: A reason." in capsys.readouterr().err


def test_ctrl_c_ends_it_and_says_so(tmp_path: Path) -> None:
    world = World(states=["reading"])
    code = "import sys; from service.cli import main; sys.exit(main(sys.argv[1:]))"
    with service(world) as url:
        command = [sys.executable, "-c", code, "send", scan(tmp_path), "--url", url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: "events" in world.asked)
        process.send_signal(2)
        said, complained = process.communicate(timeout=30)
        world.states = ["done"]
    assert (process.returncode, said) == (ExitCode.INTERRUPTED, "")
    assert "interrupted" in complained


def test_on_a_terminal_bars_show_how_far_it_is_and_records_stay_alone_on_stdout(tmp_path: Path) -> None:
    fault = {"page": 2, "code": "page_lost", "message": "\x1b[2JTwice."}
    world = World(problems=[fault])
    ours, theirs = pty.openpty()
    code = "import sys; from service.cli import main; sys.exit(main(sys.argv[1:]))"
    with service(world) as url:
        command = [sys.executable, "-c", code, "send", scan(tmp_path, "[bold]绩效.pdf"), "--url", url]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=SECONDS)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode("utf-8", "replace")
    os.close(ours)
    assert done.returncode == ExitCode.INPUT
    assert json.loads(done.stdout)["source"]["name"] == "[bold]绩效.pdf"
    assert "[bold]绩效.pdf: page 2: page_lost: \\x1b[2JTwice." in shown
    assert "1 file" in shown
