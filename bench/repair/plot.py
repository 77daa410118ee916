"""The curves of all noises, one column each: wrong numbers, clear forms, wrong repairs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figure import new_figure, save
from bench.repair.readers import READERS
from bench.repair.tally import LEAST_EXACT, MOST_EXACT, NUMBERS_A_WRONG_REPAIR, Counts, clear, exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curves = Mapping[str, Mapping[float, Mapping[str, Counts]]]
"""Noise, level, reader."""

AXES = {
    "blur": "σ of the blur, px at 200 dpi",
    "resolution": "dpi",
    "seal": "share of ink hidden by the seal",
    "lattice": "mean lead, nats",
}
FALLING = ("resolution", "lattice")
"""Noises of which less is worse; their axis is turned round, so that right is always worse."""

COLOURS = {"plain": "#9E9E9E", "grammar": "#EF6C00", "joint": "#1565C0", "second look": "#2E7D32"}
LEAST_WRONG = 0.003
"""Where none is wrong, percent: the lowest that a logarithmic axis shows."""


def draw(curves: Curves, path: Path) -> None:
    """Write the figure; the format follows from the suffix of ``path``."""
    figure = new_figure(3 * len(curves), 6.4)
    axes = figure.subplots(3, len(curves), sharex="col", sharey="row", squeeze=False)
    for column, (noise, levels) in enumerate(curves.items()):
        _curve(axes[0][column], levels, lambda count: max(LEAST_WRONG, 100 - exact(count)))
        _curve(axes[1][column], levels, clear)
        _curve(axes[2][column], levels, lambda count: NUMBERS_A_WRONG_REPAIR * count["repaired_wrong"] / count["numbers"])
        axes[0][column].set(title=noise, yscale="log")
        axes[0][column].axhspan(100 - MOST_EXACT, 100 - LEAST_EXACT, color="#ECEFF1")
        axes[2][column].axhline(1, color="#C62828", linewidth=1)
        axes[2][column].set(xlabel=AXES[noise], xticks=list(levels))
        if noise in FALLING:
            axes[2][column].invert_xaxis()
    for row, label in enumerate(("numbers wrong, %", "forms clear, %", f"wrong repairs\nin {NUMBERS_A_WRONG_REPAIR} numbers")):
        axes[row][0].set(ylabel=label)
    axes[0][0].legend()
    save(figure, path)


def _curve(axes: "Axes", levels: Mapping[float, Mapping[str, Counts]], value: Callable[[Counts], float]) -> None:
    for reader in READERS:
        shown = [value(counts[reader]) for _, counts in sorted(levels.items())]
        axes.plot(sorted(levels), shown, "o-", label=reader, color=COLOURS[reader], markersize=3)
