"""The OpenAPI document holds: nothing answers what it does not say, and a client made from it works."""

import importlib
import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from service.jobs.crew import Means, at_work
from service.reader import ReaderSpec
from service.web.app import create_app
from service.web.problems import ProblemDetailsJson
from tests.service.planned_reader import PLANNED
from tests.service.web.serving import API, Archive, Served, archive, listening, settings

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, str]]:
    """An archive and the address of its service."""
    with archive(tmp_path_factory.mktemp("home")) as kept, listening(create_app(kept.store, settings())) as url:
        yield kept, url


_FAULT_OF_PYTHON = "AST constructor recursion depth mismatch"
"""Threads that parse at once meet it before CPython 3.11.8 (python/cpython#106905): in hypothesis, where nothing of ours is asked."""


def _asked(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What the command came to, begun anew where Python itself was at fault."""
    for _ in range(5):
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if _FAULT_OF_PYTHON not in ran.stdout:
            break
    return ran


def test_schemathesis_finds_no_answer_that_is_not_described(kept: tuple[Archive, str], tmp_path: Path) -> None:
    archive, url = kept
    token = f"Authorization: Bearer {archive.tokens['admin']}"
    bounds = ["--max-examples", "2", "--seed", "1", "--no-shrink", "--generation-database", "none", "--request-timeout", "60"]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{url}{API}/openapi.json", "--checks", "all"]
    ran = _asked([*command, "--checks", "all", "--header", token, *bounds], tmp_path)
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-5000:]
    assert all(f"✅ {phase}" in ran.stdout for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"))


@pytest.fixture(scope="module")
def client(web: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A client that openapi-python-client makes of the document."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(web.client.get(f"{API}/openapi.json").text)
    generate = ["openapi_python_client", "generate", "--path", "openapi.json", "--output-path", "made", "--meta", "none"]
    (folder / "config.yaml").write_text("post_hooks: []\npackage_name_override: formtally_client\n")
    subprocess.run([sys.executable, "-m", *generate, "--config", "config.yaml"], cwd=folder, check=True, capture_output=True, text=True)
    (folder / "made").rename(folder / "formtally_client")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("formtally_client")
    sys.path.remove(str(folder))


def test_a_generated_client_uploads_and_reads_a_record(kept: tuple[Archive, str], client: ModuleType) -> None:
    def part(name: str) -> ModuleType:
        return importlib.import_module(f"{client.__name__}.{name}")

    archive, url = kept
    caller = client.AuthenticatedClient(base_url=url, token=archive.tokens["uploader"])
    file = part("types").File(payload=io.BytesIO(b"pages=2"), file_name="绩效.pdf", mime_type="application/pdf")
    taken = part("api.documents.uploads_upload").sync(client=caller, body=part("models").UploadsUploadBody(files=[file]))
    with at_work(archive.store, Means(ReaderSpec(PLANNED, settings().limits), 1, 1024)) as crew:
        crew.hand_in()
        while (now := part("api.documents.documents_one").sync(taken.documents[0].id, client=caller)).state not in ("done", "failed"):
            time.sleep(0.1)
    record = part("api.documents.documents_record").sync(now.id, client=caller)
    assert (now.state, now.name, len(record.forms)) == ("done", "绩效.pdf", 2)
    assert record.forms[1].fields["total_score"].value == "2"
    form = part("api.forms.forms_one").sync(now.forms[1].id, client=caller)
    assert form.form == record.forms[1]


def test_every_route_may_answer_with_problems_alone(web: Served) -> None:
    described = web.client.get(f"{API}/openapi.json").json()
    assert set(described["components"]["schemas"]["ProblemDetailsJson"]["properties"]) == set(ProblemDetailsJson.model_fields)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            for status, reply in operation["responses"].items():
                if int(status) >= 400 and path != "/readyz":
                    assert list(reply["content"]) == ["application/problem+json"], (method, path, status)
            assert operation["summary"]
            assert operation.get("description"), (method, path)
