"""Matrices of a PDF: (a, b, c, d, e, f) takes the point (x, y) to (a x + c y + e, b x + d y + f); y points up."""

from typing import TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

_QUARTER: Matrix = (0, 1, -1, 0, 1, 0)
"""The unit square turned a quarter counterclockwise, onto itself."""
_MIRROR: Matrix = (-1, 0, 0, 1, 1, 0)
"""The unit square mirrored left to right, onto itself."""


def then(first: Matrix, second: Matrix) -> Matrix:
    """What ``first`` and then ``second`` do."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def turning(quarters: int, *, mirrored: bool) -> Matrix:
    """The unit square ``mirrored`` left to right or not, then turned by ``quarters`` counterclockwise, onto itself."""
    matrix: Matrix = _MIRROR if mirrored else (1, 0, 0, 1, 0, 0)
    for _ in range(quarters):
        matrix = then(matrix, _QUARTER)
    return matrix


def written(matrix: Matrix) -> str:
    """``matrix`` as operands of a content stream."""
    return " ".join(f"{round(number, 5) + 0.0:.5f}".rstrip("0").rstrip(".") for number in matrix)  # + 0.0: no "-0"
