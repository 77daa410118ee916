"""From a stranger's file to page images: type by content, limits on time, memory, pages and pixels, every fault a named error.

Nothing of a stranger's file is parsed in this process but its first bytes: poppler, PDFium and Pillow run as children that the system
holds to their limits (`bounded`), read the file from a descriptor (no name ever reaches a command line) and hand back raw pixels or numbers
in unnamed temporary files that vanish with their last descriptor, whatever happens.
"""

from ocr.opening.document import FileFacts, inspect, open_page, rasterize
from ocr.opening.scan import Coding, Scan, stored_scan
from ocr.opening.source import check_inside
from ocr.opening.textlayer import text_layer

__all__ = ["Coding", "FileFacts", "Scan", "check_inside", "inspect", "open_page", "rasterize", "stored_scan", "text_layer"]
