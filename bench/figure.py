"""Figures of the benches, the same bytes for the same numbers; matplotlib is an extra, loaded only when something is drawn."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure of that size, inches."""
    import matplotlib as mpl  # noqa: PLC0415  an extra; the tables can be had without
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams |= {"svg.hashsalt": "formtally", "svg.fonttype": "none", "font.size": 9}
    return Figure(figsize=(width, height), layout="constrained")


def save(figure: "Figure", path: Path) -> None:
    """Write ``figure``; the format follows from the suffix of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
