"""How a page is bent: a smooth displacement that makes its ruling lines straight, level and upright.

Page points are turned by the skew; then x and y are displaced by polynomials of low degree. Perspective and gentle curl are both of that
shape. The unknown height of each horizontal stroke, and the unknown place of each vertical one, are parameters too, so that no table layout
has to be known. Terms that would only shift or stretch the page evenly across its lines are left out: they cannot be seen in the lines.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.arrays import Points
from ocr.cleaning.rulings import Strokes

Terms: TypeAlias = tuple[tuple[int, int], ...]
"""Powers along and across the lines."""

_TERMS: Terms = ((1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (1, 2), (3, 1), (2, 2), (4, 0))
"""Every term has a power along the lines."""

_STIFFNESS = {1: 0.01, 2: 0.05, 3: 0.15, 4: 0.4}
"""Cost of a term by its degree, in the unit of a point's error: few points cannot bend the page wildly."""

_POINT_ERROR = 0.25
"""Typical error of a traced point, reduced px."""

_ROUNDS = 6
"""Rounds of reweighting; the weights stand still after 4."""

_INVERSE_ROUNDS = 6
"""Rounds of the fixed-point iteration; displacements change by at most a tenth per px, so the error is below 1e-6 px."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One component of the displacement, px, as a polynomial of scaled coordinates (along, across its lines).

    Attributes:
        coefficients: one a term.
        centre: (along, across) of the scaled origin, px.
        half: px per scaled unit.
        low: least (along, across) at which lines were seen; beyond, the displacement of the nearest seen place holds, but for the tilt,
            which goes on.
        high: greatest.
    """

    coefficients: NDArray[np.float64] = field(compare=False, repr=False)
    centre: tuple[float, float] = (0.0, 0.0)
    half: float = 1.0
    low: tuple[float, float] = (0.0, 0.0)
    high: tuple[float, float] = (0.0, 0.0)

    def at(self, along: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
        """Displacement at points, px."""
        seen = np.clip(along, self.low[0], self.high[0])
        u = (seen - self.centre[0]) / self.half
        v = (np.clip(across, self.low[1], self.high[1]) - self.centre[1]) / self.half
        return np.asarray(_powers(u, v) @ self.coefficients + self.coefficients[0] * (along - seen) / self.half, np.float64)


FLAT = Surface(np.zeros(len(_TERMS)))


@dataclass(frozen=True, slots=True)
class Bend:
    """Page to straight: turn by ``-angle`` about ``centre``, then displace.

    Attributes:
        angle: radians, lines run down to the right.
        centre: (x, y) on the page that becomes the straight origin (0, 0).
        down: displacement of y; lines run along x.
        right: displacement of x; lines run along y.
    """

    angle: float
    centre: tuple[float, float]
    down: Surface = FLAT
    right: Surface = FLAT

    @property
    def is_turn(self) -> bool:
        """Whether nothing is displaced."""
        return self.down is FLAT and self.right is FLAT

    @property
    def axes(self) -> NDArray[np.float64]:
        """(2, 2) float64, turns a straight vector (as a column) onto the page."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, -sin], [sin, cos]], np.float64)

    def turned(self, page: Points) -> Points:
        """Page points after the turn."""
        return np.asarray((page - self.centre) @ self.axes, np.float64)

    def to_straight(self, page: Points) -> Points:
        """Page points in the straight frame."""
        turned = self.turned(page)
        return turned + self._displacement(turned)

    def to_page(self, straight: Points) -> Points:
        """Straight points on the page."""
        turned = straight
        for _ in range(_INVERSE_ROUNDS):
            turned = straight - self._displacement(turned)
        return np.asarray(turned @ self.axes.T + self.centre, np.float64)

    def _displacement(self, turned: Points) -> Points:
        x, y = turned[:, 0], turned[:, 1]
        return np.column_stack([self.right.at(y, x), self.down.at(x, y)])


def fit_bend(start: Bend, horizontal: Strokes, vertical: Strokes, size: float) -> Bend:
    """The bend that makes traced strokes straight.

    Args:
        start: turn and centre are kept.
        horizontal: strokes, points on the page.
        vertical: the same.
        size: half the page's long side, px: the unit of the polynomials.
    """
    down = _fit(horizontal.line, start.turned(horizontal.points), size, 0.0) if horizontal.count else FLAT
    tilt = float(down.coefficients[0])
    right = _fit(vertical.line, start.turned(vertical.points)[:, ::-1], size, -tilt)
    return Bend(start.angle, start.centre, down, right)


def _powers(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    along, across = [np.ones_like(u), u], [np.ones_like(v), v]
    for _ in range(2, 5):
        along.append(along[-1] * u)
        across.append(across[-1] * v)
    return np.column_stack([along[a] * across[b] for a, b in _TERMS])


def _fit(line: NDArray[np.int64], points: Points, half: float, tilt: float) -> Surface:
    """Robust least squares; ``points`` are (along, across), ``tilt`` is what the linear term is where no line says otherwise."""
    expected = np.zeros(len(_TERMS))
    expected[0] = tilt
    if len(points) == 0:
        far = (-np.inf, -np.inf), (np.inf, np.inf)
        return Surface(expected, (0.0, 0.0), half, *far)
    centre = (0.0, 0.0)
    matrix = _powers(points[:, 0] / half, points[:, 1] / half)
    weights = np.ones(len(points))
    stiffness = np.array([_STIFFNESS[a + b] for a, b in _TERMS])
    coefficients = expected
    for _ in range(_ROUNDS):
        system, target = _without_means(matrix, line, weights), -_without_means(points[:, 1:], line, weights)[:, 0]
        weighted = system * weights[:, None]
        coefficients = np.linalg.solve(weighted.T @ system + np.diag(stiffness**2), weighted.T @ target + stiffness**2 * expected)
        weights = _trust(system @ coefficients - target, line)
    low, high = points.min(axis=0), points.max(axis=0)
    return Surface(coefficients, centre, half, (float(low[0]), float(low[1])), (float(high[0]), float(high[1])))


def _without_means(values: NDArray[np.float64], line: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """``values`` (N, M) less the weighted mean of their stroke: eliminates each stroke's unknown place."""
    total = np.maximum(np.bincount(line, weights), 1e-9)
    means = np.column_stack([np.bincount(line, weights * column) / total for column in values.T])
    return np.asarray(values - means[line], np.float64)


def _trust(residuals: NDArray[np.float64], line: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights (Geman-McClure) of points by their residual, times those of their stroke by its mean residual."""
    lengths = np.bincount(line)
    strokes = np.bincount(line, np.abs(residuals)) / lengths
    scale = 3 * max(_POINT_ERROR, float(np.median(np.abs(residuals))))
    points = 1 / (1 + (residuals / scale) ** 2) ** 2
    return np.asarray(points / (1 + (strokes / scale) ** 2)[line] ** 2, np.float64)
