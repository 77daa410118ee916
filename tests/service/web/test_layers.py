"""What stands around every request: its id and log, the headers of replies, the host, metrics and health."""

import json
import logging
from pathlib import Path

import pytest

from service.web.headers import PAGE_POLICY
from service.web.logs import JsonLines
from tests.service.web.serving import API, Served, served, settings

SECRET = "ft_" + "s" * 43


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), (f"{API}/me", 401), ("/nothing", 404), (f"{API}/documents/x", 401), (f"{API}/openapi.json", 200)],
)
def test_every_reply_says_what_a_browser_may_do_with_it(web: Served, path: str, status: int) -> None:
    reply = web.client.get(path)
    assert reply.status_code == status
    assert reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cache-control"] == "no-store"
    assert "server" not in reply.headers


def test_pages_may_load_from_here_alone_and_run_nothing_inline() -> None:
    assert "unsafe" not in PAGE_POLICY
    assert {part.split()[-1] for part in PAGE_POLICY.split("; ")} == {"'none'", "'self'"}


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.nip.io", "[::2]:80"])
def test_another_host_is_refused(web: Served, host: str) -> None:
    reply = web.client.get("/healthz", headers={"Host": host})
    assert (reply.status_code, reply.json()["code"]) == (400, "host_unknown")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_its_own_hosts_are_taken(web: Served, host: str) -> None:
    assert web.client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("given", "kept"), [("job-12345678", True), ("x", False), ("a b c d e f g h", False), ("a" * 65, False), ('"},{"x":"', False)]
)
def test_a_well_formed_request_id_is_taken(web: Served, given: str, kept: bool) -> None:
    reply = web.client.get(f"{API}/me", headers={"X-Request-ID": given})
    assert (reply.headers["x-request-id"] == given) == kept
    assert reply.json()["request_id"] == reply.headers["x-request-id"]


def test_logs_are_json_and_tell_no_secret(web: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "formtally"):
        web.client.get(f"{API}/forms", params={"q": "机密项目"}, headers=web.archive.headers("viewer"))
        web.client.post(f"{API}/session", json={"name": "viewer", "password": SECRET}, headers={"Cookie": f"formtally_session={SECRET}"})
        web.client.get(f"{API}/me", headers={"Authorization": f"Bearer {SECRET}"})
        web.client.get(f"{API}/a%0Ab")
    lines = [JsonLines().format(record) for record in caplog.records if record.name.startswith("formtally")]
    told = [json.loads(line) for line in lines]
    assert [(each["method"], each["route"], each["status"], each["user"]) for each in told] == [
        ("GET", f"{API}/forms", 200, "viewer"),
        ("POST", f"{API}/session", 401, ""),
        ("GET", f"{API}/me", 401, ""),
        ("GET", "", 404, ""),
    ]
    assert all(len(each["request_id"]) == 16 and each["seconds"] < 60 for each in told)
    for line in lines:
        assert "\n" not in line
        assert SECRET not in line
        assert "机密" not in json.loads(line)["path"]
        assert web.archive.tokens["viewer"] not in line


def test_a_fault_of_ours_is_a_problem_with_its_id_and_its_trace_in_the_log(
    web: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.documents.list_documents", lambda *_: 1 / 0)
    reply = web.client.get(f"{API}/documents", headers=web.archive.headers("viewer"))
    assert (reply.status_code, reply.json()["code"], reply.headers["content-type"]) == (500, "service_fault", "application/problem+json")
    assert "ZeroDivision" not in reply.text
    traced = [JsonLines().format(record) for record in caplog.records if record.exc_info]
    assert "ZeroDivisionError" in json.loads(traced[0])["trace"]
    assert json.loads(traced[0])["request_id"] == reply.json()["request_id"]


def test_metrics_count_by_route_and_know_the_queue(web: Served) -> None:
    web.client.get(f"{API}/documents/{web.archive.mine}", headers=web.archive.headers("viewer"))
    web.client.get("/no/such/address")
    told = web.client.get("/metrics", headers=web.archive.headers("admin")).text
    assert f'formtally_requests_total{{method="GET",route="{API}/documents/{{id}}",status="200"}}' in told
    assert "/no/such/address" not in told
    assert web.archive.mine not in told
    assert 'formtally_documents{state="done"} 2.0' in told
    assert "formtally_queue_documents 0.0" in told


def test_metrics_are_for_administrators_and_for_a_token_of_their_own(tmp_path: Path) -> None:
    token = "m" * 32
    with served(tmp_path, settings(metrics_token=token)) as web:

        def status(headers: dict[str, str], path: str = "/metrics") -> int:
            return web.client.get(path, headers=headers).status_code

        assert status({}) == 401  # nor does it help to ask from this machine: so does its proxy
        assert [status(web.archive.headers(user)) for user in ("viewer", "admin")] == [403, 200]
        assert status({"Authorization": f"Bearer {token}"}) == 200
        assert [status({"Authorization": f"Bearer {other}"}) for other in ("m" * 31, "M" * 32, "")] == [401] * 3
        assert status({"Authorization": f"Bearer {token}"}, f"{API}/me") == 401


def test_no_token_is_not_the_empty_one(web: Served) -> None:
    assert web.client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_it_is_not_ready_while_nobody_reads(tmp_path: Path) -> None:
    with served(tmp_path, settings(alive=lambda: False)) as web:
        assert web.client.get("/healthz").status_code == 200
        reply = web.client.get("/readyz")
        assert (reply.status_code, reply.json()) == (503, {"ready": False, "database": True, "room": True, "workers": False})


def test_cookies_of_a_service_behind_https_stay_there(tmp_path: Path) -> None:
    with served(tmp_path, settings(secure=True)) as web:
        reply = web.client.get("/healthz")
        assert "max-age=" in reply.headers["strict-transport-security"]
