"""HTML to PDF with Debian's chromium, and PDF to grey pages with poppler."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pdf2image import convert_from_path

from models.arrays import Grey

CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
_SECONDS = 120


def print_pdf(page: str, out: Path) -> Path:
    """Print the HTML document ``page`` to the PDF ``out``, in a browser with an empty profile of its own.

    Raises:
        subprocess.SubprocessError: the browser failed or took longer than two minutes.
    """
    with TemporaryDirectory() as folder:
        source = Path(folder, "sheet.html")
        source.write_text(page, encoding="utf-8")
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    return out


def rasterize(pdf: Path, dpi: int) -> list[Grey]:
    """Every page of ``pdf`` as (H, W) uint8, 0 black to 255 paper, at ``dpi``."""
    return [np.asarray(page.convert("L")) for page in convert_from_path(pdf, dpi=dpi, grayscale=True)]
