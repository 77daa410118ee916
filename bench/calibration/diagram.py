"""The reliability diagram: probability told against share that was right."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.calibration.readings import Sample
from bench.figure import new_figure, save
from postprocess.calibration import Calibration, Sort

COLOURS: Mapping[Sort, str] = {
    Sort.FIGURE: "#1565C0",
    Sort.PHRASE: "#2E7D32",
    Sort.PROSE: "#EF6C00",
    Sort.COPIED_PROSE: "#C62828",
    Sort.COPIED_ONE: "#6A1B9A",
    Sort.BLANK: "#757575",
}
LEAST = 1e-4
"""Share wrong that the logarithmic axes end at."""

FEWEST = 20
"""Fewest samples of a point."""


def draw(calibration: Calibration, samples: Sequence[Sample], path: Path) -> None:
    """Write the figure; both axes show the share wrong, logarithmic, since all that matters lies near 1."""
    figure = new_figure(5.2, 4.6)
    axes = figure.subplots()
    for sort, colour in COLOURS.items():
        for looked, marker in ((False, "o"), (True, "s")):
            points = _points(calibration, [each for each in samples if (each.sort, each.looked) == (sort, looked)])
            label = f"{sort}, second look" if looked else str(sort)
            axes.plot(
                [told for told, _, _ in points],
                [wrong for _, wrong, _ in points],
                marker,
                color=colour,
                mfc="none" if looked else colour,
                label=label,
            )
    axes.plot([LEAST, 1], [LEAST, 1], color="#B0BEC5", linewidth=1)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="probability of being wrong, as told",
        ylabel="share that was wrong",
        xlim=(LEAST, 1),
        ylim=(LEAST, 1),
    )
    axes.legend(fontsize=7)
    save(figure, path)


def _points(calibration: Calibration, samples: Sequence[Sample]) -> list[tuple[float, float, int]]:
    """(told, found, count) for each step with `FEWEST` samples; where none was wrong, the least that is shown."""
    told = np.array([1 - calibration.probability(each.sort, each.looked, each.certainty) for each in samples])
    wrong = np.array([not each.right for each in samples], np.bool_)
    parts = [(share, wrong[told == share]) for share in np.unique(told)]
    return [(float(share), max(LEAST, float(part.mean())), len(part)) for share, part in parts if len(part) >= FEWEST]
