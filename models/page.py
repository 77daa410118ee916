"""A page before and after cleaning."""

from dataclasses import dataclass, field

from models.arrays import Bgr, Grey, Mask, frozen
from models.geometry import Size, Straightening


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as stored in its file.

    Attributes:
        number: 1-based place in the file.
        pixels: (H, W, 3) uint8 BGR, the raster as stored (no EXIF turn applied).
        dpi: dots per inch of ``pixels``; an estimate where the file does not say.
        turns: quarter turns clockwise (0-3) that the file itself asks for (EXIF orientation); cleaning applies them.
        mirrored: the file asks for a mirror image (EXIF orientations 2, 4, 5, 7), left to right, before the turns.
    """

    number: int
    pixels: Bgr = field(compare=False, repr=False)
    dpi: float
    turns: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        """Check the shape and forbid writing."""
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise ValueError(f"pixels must be (H, W, 3), got {self.pixels.shape}")
        frozen(self.pixels)

    @property
    def size(self) -> Size:
        """Width and height, px."""
        return Size(self.pixels.shape[1], self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class CleanPage:
    """One page upright, flat, evenly lit and without its seal, in the straight frame.

    Attributes:
        number: 1-based place in the file.
        grey: (H, W) uint8, paper near 255, ink near 0.
        seal: (H, W) bool, where coloured stamp ink lay.
        straightening: takes any straight box back to the page as stored.
        bilevel: it was scanned or copied in black and white, without any grey.
    """

    number: int
    grey: Grey = field(compare=False, repr=False)
    seal: Mask = field(compare=False, repr=False)
    straightening: Straightening
    bilevel: bool = False

    def __post_init__(self) -> None:
        """Check that both planes agree and forbid writing."""
        if self.grey.ndim != 2 or self.grey.shape != self.seal.shape:
            raise ValueError(f"grey and seal must be one (H, W), got {self.grey.shape} and {self.seal.shape}")
        frozen(self.grey)
        frozen(self.seal)

    @property
    def size(self) -> Size:
        """Width and height of the straight frame, px."""
        return Size(self.grey.shape[1], self.grey.shape[0])
