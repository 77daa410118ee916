"""Runs in a child process, apart from our packages, under limits that `ocr.opening.bounded` has set: the only place where Pillow decodes.

Started as a script with the stranger's file as standard input::

    child.py count FORMAT PAGES MEGAPIXELS          how many pages an image file has
    child.py decode FORMAT NUMBER MEGAPIXELS        one page of it
    child.py render NUMBER DPI                      one page of a PDF, by pdf2image
    child.py bare                                   a JPEG without its metadata

Each writes one line of JSON, and then, where there are pixels, (H, W) grey or (H, W, 3) blue green red bytes, row by row, or the JPEG. A
fault ends it with a traceback; the parent names it.
"""

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator

from PIL import Image, TiffImagePlugin

INPUT = "/dev/stdin"
_STRIP_ROWS = 256
"""Rows handed over at a time, so that a page is not in memory twice."""
_ORIENTATION = 274
_NEW_SUBFILE_TYPE = 254
_NO_PAGE_BITS = 1 | 4
"""TIFF 6.0, NewSubfileType: bit 0 a reduced copy of another image, bit 2 a transparency mask. Neither is a page."""
_FRAMES_A_PAGE = 4
"""Frames looked through for each page allowed; a page has at most a thumbnail and a mask beside it."""
_MOST_SQUARE = 1.1
"""Pixels whose sides differ more are made square: standard fax is 204 x 98 dpi (ITU-T T.4), its characters half as high as wide. Fine fax,
204 x 196, stays as it is."""

_FRAMES, _SCAN, _END = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2"), b"\xff\xda", b"\xff\xd9"
"""Markers of a JPEG (ITU-T T.81, table B.1): frames that every PDF reader decodes, the start of a scan, the end."""
_METADATA = re.compile(rb"\xff[\xe0-\xef\xfe]")
"""Markers of application segments and comments."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""The next marker in coded data: not a stuffed byte, fill byte or restart (T.81, B.1.1.5)."""


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["count", kind, pages, megapixels]:
            _say({"pages": count(kind, int(pages), _pixels(megapixels))})
        case ["decode", kind, number, megapixels]:
            decode(kind, int(number), _pixels(megapixels))
        case ["render", number, dpi]:
            render(int(number), int(dpi))
        case ["bare"]:
            bare()
        case _:
            raise SystemExit(2)


def count(kind: str, most: int, pixels: int) -> int:
    """How many pages the file has; where more than ``most``, just ``most`` + 1.

    Args:
        kind: Pillow's name of the format.
        most: no page behind this is looked for.
        pixels: limit of one page.
    """
    with opened(kind, pixels) as image:
        return sum(1 for _, _ in zip(range(most + 1), _pages(image, most), strict=False))


def decode(kind: str, number: int, pixels: int) -> None:
    """Write page ``number`` (1-based) with its size, dpi and EXIF orientation."""
    if kind == "PNG":
        with opened(kind, pixels) as image:
            image.verify()  # checksums; decoding alone passes over flipped bits
    with opened(kind, pixels) as image:
        for place, _ in enumerate(_pages(image, number), 1):
            if place == number:
                break
        else:
            raise EOFError(f"there is no page {number}")
        across, down = dots(image)
        turned = orientation(image)
        plain = squared(flattened(as_stored(image)), across, down)
        _hand_over(plain, {"dpi": [across, down], "orientation": turned})


def render(number: int, dpi: int) -> None:
    """Write page ``number`` (1-based) of a PDF at ``dpi`` as a viewer shows it; poppler's complaints go to standard error."""
    from pdf2image import convert_from_path  # noqa: PLC0415 (the other commands start faster without)
    from pdf2image import pdf2image as wrapper  # noqa: PLC0415

    vars(wrapper)["Popen"] = _Heard
    (image,) = convert_from_path(INPUT, dpi=dpi, first_page=number, last_page=number, use_cropbox=True)
    _hand_over(image, {})


def bare() -> None:
    """Write the JPEG on standard input, its size and channels; all segments of metadata and what is behind its end are left out."""
    data = sys.stdin.buffer.read()
    frame, kept, place = b"", [data[:2]], 2
    if kept != [b"\xff\xd8"]:
        raise ValueError("no JPEG")
    while (marker := data[place : place + 2]) != _END:
        if marker == b"\xff\xff":  # any marker may be preceded by fill bytes
            place += 1
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker[:1] != b"\xff" or end > len(data) or end < place + 4:
            raise ValueError("JPEG: no segment where one should be")
        if marker == _SCAN:
            following = _MARKER.search(data, end)
            end = following.start() if following is not None else len(data)
        segment = data[place:end]
        if marker in _FRAMES:
            frame = segment
        if not _METADATA.match(marker) or _colours(segment):
            kept.append(segment)
        place = end
    if len(frame) < 10 or frame[4] != 8 or frame[9] not in (1, 3):
        raise ValueError("JPEG: neither grey nor three colours of 8 bits")
    _say({"width": int.from_bytes(frame[7:9], "big"), "height": int.from_bytes(frame[5:7], "big"), "channels": frame[9]})
    sys.stdout.buffer.write(b"".join(kept) + _END)
    sys.stdout.buffer.flush()


def _colours(segment: bytes) -> bool:
    """Whether an application segment says how to understand the colours (Adobe, JFIF without a thumbnail) and nothing else."""
    return segment.startswith((b"\xff\xee\x00\x0eAdobe", b"\xff\xe0\x00\x10JFIF\0"))


def opened(kind: str, pixels: int) -> Image.Image:
    """The image on standard input, its header read; only the decoder of ``kind`` is tried.

    Raises:
        DecompressionBombWarning: if the header says more than ``pixels``.
    """
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image.open(INPUT, formats=(kind,))


def as_stored(image: Image.Image) -> Image.Image:
    """``image`` loaded, its raster as in the file.

    Pillow turns a TIFF by its orientation while loading, and scrambles it where it is not compressed (13.0 cuts lines of the turned width
    from the unturned data). So the orientation is taken away and the frame set up anew.
    """
    if isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.pop(_ORIENTATION, 1) != 1:
        image.getexif()[_ORIENTATION] = 1
        image._setup()
    image.load()
    return image


def flattened(image: Image.Image) -> Image.Image:
    """``image`` in mode L or RGB, 8 bits, transparency on white."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256) + 0).convert("L")
    if image.mode == "F":
        return _scaled(image)
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    return image.convert("L") if image.mode in ("1", "L") else image.convert("RGB")


def squared(image: Image.Image, across: float, down: float) -> Image.Image:
    """``image`` with square pixels: stretched along the coarser axis where the dpi of both differ much.

    Args:
        image: mode L or RGB.
        across: dpi along a row; 0 where unknown.
        down: dpi along a column; 0 where unknown.
    """
    if not (across > 0 and down > 0) or max(across, down) <= _MOST_SQUARE * min(across, down):
        return image
    finer = max(across, down)
    size = round(image.width * finer / across), round(image.height * finer / down)
    if size[0] * size[1] > (Image.MAX_IMAGE_PIXELS or 0):
        raise Image.DecompressionBombError(f"{size[0]} x {size[1]}")
    return image.resize(size, Image.Resampling.BILINEAR)


def dots(image: Image.Image) -> tuple[float, float]:
    """Dpi across and down as the file says; zeros where it does not."""
    try:
        across, down = image.info.get("dpi", (0, 0))
        return float(across), float(down)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1-8; 1 where there is none, or none that can be read."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):  # what Pillow raises over damaged EXIF; the picture is worth more
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


class _Heard(subprocess.Popen[bytes]):
    """A child whose complaints are passed on: pdf2image keeps them to itself, and with them what poppler could not draw.

    Its question for poppler's version (``-v``) is answered on standard error as well; that is no complaint.
    """

    def communicate(self, data: bytes | None = None, timeout: float | None = None) -> tuple[bytes, bytes]:
        """Both outputs of the child when it has ended; its complaints also to our own standard error."""
        output, complaints = super().communicate(data, timeout)
        if isinstance(self.args, list) and self.args[-1] != "-v":
            sys.stderr.buffer.write(complaints)
        return output, complaints


def _pages(image: Image.Image, most: int) -> Iterator[int]:
    """Move ``image`` to one page after another; their places among the frames, 0-based. Only TIFF has several."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        yield 0
        return
    for place in range(_FRAMES_A_PAGE * (most + 1)):
        try:
            image.seek(place)
        except EOFError:
            return
        kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)
        if place == 0 or not (isinstance(kind, int) and kind & _NO_PAGE_BITS):
            yield place


def _scaled(image: Image.Image) -> Image.Image:
    """Mode F: 0-1 where nothing is larger, else 0-255."""
    _, high = image.getextrema()
    factor = 255.0 if isinstance(high, float) and high <= 1 else 1.0
    return image.point(lambda value: value * factor + 0).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _hand_over(image: Image.Image, said: dict[str, object]) -> None:
    channels, order = (1, "L") if image.mode == "L" else (3, "BGR")
    _say({"width": image.width, "height": image.height, "channels": channels, **said})
    for top in range(0, image.height, _STRIP_ROWS):
        strip = image.crop((0, top, image.width, min(top + _STRIP_ROWS, image.height)))
        sys.stdout.buffer.write(strip.tobytes("raw", order))
    sys.stdout.buffer.flush()


def _say(facts: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode("ascii") + b"\n")


def _pixels(megapixels: str) -> int:
    return int(megapixels) * 1_000_000


if __name__ == "__main__":
    main(sys.argv[1:])
