"""What an export wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exported:
    """Counts: forms, and fields of all of them."""

    forms: int = 0
    fields: int = 0

    def with_form(self, fields: int) -> "Exported":
        """One more form of so many ``fields``."""
        return Exported(self.forms + 1, self.fields + fields)
