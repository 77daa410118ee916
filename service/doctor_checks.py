"""What `doctor` looks at; each check is a function that tells what it found and, where that is a fault, what mends it."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from models.errors import InstallationError
from ocr.weights import check_weights
from service.machine import free_megabytes, sensible_workers, usable_cores
from service.wording import plural

OLDEST_PYTHON = (3, 11)
POPPLER_TOOLS = ("pdfinfo", "pdfimages", "pdftoppm")
POPPLER_MAPS = Path("/usr/share/poppler/cMap")
"""Character maps without which Chinese text in a PDF stays blank."""

OPENCV = "opencv-contrib-python"
"""The only OpenCV that PaddleX accepts; four distributions write into one folder ``cv2`` and spoil each other."""

OPENCV_VERSION = "4.10.0"
_OPENCVS = frozenset({"opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless"})

LEAST_MEGABYTES = 1024
"""Free memory for one worker (500 to 700 MB) and the run itself."""

LEAST_DISK_MEGABYTES = 200
"""Free space for temporary files: one page of 100 megapixels is 300 MB, an A4 page at 300 dpi 26 MB."""

_MAKE_SETUP = "make setup"
_IMPORT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; ``remedy`` says what mends a fault and is empty where there is none."""

    name: str
    found: str
    remedy: str = ""

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.remedy


def check_python() -> Check:
    """Python is new enough."""
    found = platform.python_version()
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Check("Python", found)
    return Check("Python", f"{found} is too old", "Install Python 3.11 or newer, then: make setup")


def check_poppler() -> Check:
    """The programs that open PDF are there."""
    missing = [tool for tool in POPPLER_TOOLS if shutil.which(tool) is None]
    if missing:
        return Check("poppler", f"{', '.join(missing)} missing", "sudo apt-get install poppler-utils")
    if not POPPLER_MAPS.is_dir():
        return Check("poppler", f"{POPPLER_MAPS} missing: Chinese text in PDFs would stay blank", "sudo apt-get install poppler-data")
    return Check("poppler", ", ".join(POPPLER_TOOLS))


def check_font() -> Check:
    """A Chinese font is there, for PDFs that do not bring their own and for `formtally show`."""
    mend = "sudo apt-get install fonts-wqy-zenhei"
    lister = shutil.which("fc-list")
    if lister is None:
        return Check("Chinese font", "fc-list missing", mend)
    command = [lister, ":lang=zh", "family"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_IMPORT_SECONDS, check=False)  # noqa: S603  the words are ours
    families = sorted(set(ended.stdout.splitlines()))
    return Check("Chinese font", families[0]) if families else Check("Chinese font", "none", mend)


def check_one_opencv() -> Check:
    """Exactly the right OpenCV is installed, and no other beside it."""
    installed = sorted({dist.name.lower().replace("_", "-") for dist in distributions() if dist.name} & _OPENCVS)
    if installed == [OPENCV]:
        return Check("one OpenCV", OPENCV)
    mend = f"{_MAKE_SETUP} (or: pip uninstall {' '.join(sorted(_OPENCVS))}, then {_MAKE_SETUP})"
    return Check("one OpenCV", " and ".join(installed) or "none", mend)


def check_opencv_loads() -> Check:
    """OpenCV loads and is the version that was measured."""
    found, complaint = _try("import cv2; print(cv2.__version__)")
    if not complaint and found.startswith(OPENCV_VERSION):
        return Check("OpenCV loads", found)
    if not complaint:
        return Check("OpenCV loads", f"{found} instead of {OPENCV_VERSION}", _MAKE_SETUP)
    if "libGL" in complaint:
        return Check("OpenCV loads", complaint, "sudo apt-get install libgl1")
    if "libgthread" in complaint or "libglib" in complaint:
        return Check("OpenCV loads", complaint, "sudo apt-get install libglib2.0-0")
    return Check("OpenCV loads", complaint, _MAKE_SETUP)


def check_recognizer_loads() -> Check:
    """PaddleOCR and its engine load; takes some seconds."""
    found, complaint = _try("import onnxruntime, paddleocr; print(onnxruntime.__version__)")
    if complaint:
        return Check("PaddleOCR loads", complaint, _MAKE_SETUP)
    return Check("PaddleOCR loads", f"with ONNX Runtime {found}")


def check_networks() -> Check:
    """The recognizer's weights are the ones measured, by SHA-256."""
    try:
        check_weights()
    except InstallationError as error:
        return Check("weights", error.what, error.remedy)
    return Check("weights", "SHA-256 as expected")


def check_temporary() -> Check:
    """Temporary files can be written, and there is room for a page."""
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        return Check("temporary folder", str(error), "Make /tmp writable, or set TMPDIR to a folder that is.")
    return check_folder("temporary folder", folder)


def check_home() -> Check:
    """PaddleX keeps notes in a folder of its own, even offline."""
    return check_folder("cache of PaddleX", Path(os.environ.get("PADDLE_PDX_CACHE_HOME", Path.home() / ".paddlex")))


def check_memory() -> Check:
    """There is memory for one worker at least."""
    free = free_megabytes()
    if free < LEAST_MEGABYTES:
        return Check("memory", f"{free} MB free", f"End other programs: one worker wants {LEAST_MEGABYTES} MB.")
    return Check("memory", f"{free} MB free, {plural(usable_cores(), 'core')}: {plural(sensible_workers(), 'worker')} by default")


def check_folder(name: str, folder: Path) -> Check:
    """Files can be written in ``folder``, or it can be made, and there is room."""
    place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"formtally")
        free = shutil.disk_usage(place).free >> 20
    except OSError as error:
        return Check(name, f"{folder} cannot be written: {error.strerror}", f"Make {place} writable for this user.")
    if free < LEAST_DISK_MEGABYTES:
        return Check(name, f"{folder} has only {free} MB free", f"Free {LEAST_DISK_MEGABYTES} MB there.")
    return Check(name, f"{folder}, {free} MB free")


def _try(code: str) -> tuple[str, str]:
    """What Python prints for ``code``, and the last line of its complaint; in a process of its own, since a broken library may crash."""
    command = [sys.executable, "-c", code]
    offline = {**os.environ, "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True"}
    try:
        ended = subprocess.run(  # noqa: S603  the words are ours
            command, capture_output=True, text=True, timeout=_IMPORT_SECONDS, check=False, env=offline
        )
    except subprocess.TimeoutExpired:
        return "", f"not loaded after {_IMPORT_SECONDS} s"
    if ended.returncode == 0:
        return ended.stdout.strip(), ""
    lines = ended.stderr.strip().splitlines()
    return "", lines[-1] if lines else f"ended with status {ended.returncode}"


CHECKS: tuple[Callable[[], Check], ...] = (
    check_python,
    check_poppler,
    check_font,
    check_one_opencv,
    check_opencv_loads,
    check_recognizer_loads,
    check_networks,
    check_temporary,
    check_home,
    check_memory,
)
