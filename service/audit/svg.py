"""Drawing in SVG: the few shapes that the plots need, with all text escaped; the same input gives the same bytes."""

from collections.abc import Sequence
from html import escape

from service.wording import printable

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif"


class Drawing:
    """Shapes in the order they were added; px, origin top left."""

    def __init__(self, width: float, height: float, title: str) -> None:
        """A white sheet; ``title`` is what a screen reader says."""
        self.width, self.height = width, height
        self._title = title
        self._shapes: list[str] = []

    def rect(self, at: tuple[float, float], size: tuple[float, float], fill: str, hint: str = "") -> None:
        """A filled rectangle from its top left corner; ``hint`` shows under the pointer."""
        place = f'x="{_px(at[0])}" y="{_px(at[1])}" width="{_px(size[0])}" height="{_px(size[1])}"'
        self._shapes.append(f'<rect {place} fill="{fill}">{_hint(hint)}</rect>')

    def line(self, points: Sequence[tuple[float, float]], stroke: str, width: float = 1.0) -> None:
        """A line through ``points``."""
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        self._shapes.append(f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{_px(width)}"/>')

    def dot(self, at: tuple[float, float], radius: float, fill: str, opacity: float = 1.0, hint: str = "") -> None:
        """A disc."""
        place = f'cx="{_px(at[0])}" cy="{_px(at[1])}" r="{_px(radius)}"'
        self._shapes.append(f'<circle {place} fill="{fill}" fill-opacity="{_px(opacity)}">{_hint(hint)}</circle>')

    def text(self, at: tuple[float, float], text: str, size: float = 12, anchor: str = "start", fill: str = "#263238") -> None:
        """One line of text; ``at`` is the start, middle or end (``anchor``) of its base line."""
        place = f'x="{_px(at[0])}" y="{_px(at[1])}" font-size="{_px(size)}" text-anchor="{anchor}" fill="{fill}"'
        self._shapes.append(f"<text {place}>{safe(text)}</text>")

    def render(self) -> str:
        """The whole as one ``<svg>`` element, good inside a page and as a file."""
        size = f'width="{_px(self.width)}" height="{_px(self.height)}" viewBox="0 0 {_px(self.width)} {_px(self.height)}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONTS}">'
        sheet = f'<rect width="{_px(self.width)}" height="{_px(self.height)}" fill="#ffffff"/>'
        return "\n".join((head, f"<title>{safe(self._title)}</title>", sheet, *self._shapes, "</svg>\n"))


def safe(text: str) -> str:
    """Text of strangers as markup that is nothing but text, on one line, with nothing that steers its direction."""
    return escape(printable(text))


def _hint(text: str) -> str:
    return f"<title>{safe(text)}</title>" if text else ""


def _px(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
