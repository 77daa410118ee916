"""What the archive keeps of a sample: the contents of its pages, second looks included, made once with recorded readings."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from models.form import Document, Source
from models.limits import Limits
from models.reading import AskedLine, Lattice
from ocr.opening import inspect
from postprocess.calibration import TARGET_ERROR, trust
from postprocess.second_look import Looks
from service import content_file
from service.pipeline import assemble, look_again, read_page, with_seen
from tests.recorded import RecordedEngine, Recording

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
OFFICE, COPIER, FAX, PHONE = (
    "self_evaluation_office.pdf",
    "self_evaluation_copier.pdf",
    "performance_target_fax.pdf",
    "self_evaluation_phone.jpg",
)


@cache
def kept(name: str) -> tuple[Document, tuple[bytes, ...]]:
    """The record of a sample as the machine makes it, and its pages as they are kept."""
    path, engine = SAMPLES / name, RecordedEngine(Recording.load(ROOT / "tests" / "resources" / "recordings" / f"{name}.npz"))
    pages = [read_page(path, number, engine, Limits()) for number in range(1, inspect(path, Limits()).pages + 1)]
    seen: dict[AskedLine, tuple[Lattice, ...]] = {}

    def look(asked: Sequence[AskedLine]) -> Looks:
        seen.update(look_again(path, engine, Limits(), pages, asked))
        return seen

    document = assemble(pages, Source(name, "0" * 64, len(pages)), (), look, trust(TARGET_ERROR))
    return document, tuple(content_file.encode(page) for page in with_seen(pages, seen))
