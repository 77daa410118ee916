"""Double-layer searchable PDF/A-2b: each page as it was scanned, and over it, invisible, the text of the record at its place."""

from service.export.searchable.write import Searchable, searchable_pdf

__all__ = ["Searchable", "searchable_pdf"]
