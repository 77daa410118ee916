"""Libraries of others are what the decision names, byte for byte, each with its licence."""

from hashlib import sha256
from pathlib import Path

import pytest

from service.web import pages

LIBRARIES = sorted((Path(pages.__file__).parent / "static" / "vendor").iterdir())
DECISION = Path(__file__).resolve().parents[4] / "docs" / "decisions" / "pages.md"


def test_there_are_some() -> None:
    assert [path.name.rpartition("-")[0] for path in LIBRARIES] == ["echarts", "htmx", "openseadragon"]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda path: path.name)
def test_a_library_is_what_the_decision_names(library: Path) -> None:
    rows = [line for line in DECISION.read_text("utf-8").splitlines() if f"| {library.name.rpartition('-')[2]} |" in line]
    scripts = sorted(library.glob("*.js"))
    assert len(scripts) == 1
    assert any(sha256(scripts[0].read_bytes()).hexdigest() in row and f"`{scripts[0].name}`" in row for row in rows)
    assert [path.name for path in library.iterdir() if path.name.startswith("LICENSE")]
