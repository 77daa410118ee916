"""Which fields two people key, as an option or the environment says it."""

from collections.abc import Mapping, Sequence

from layouts.template_file import builtin_templates
from models.errors import UsageError
from service.store.form_rows import LISTED

DOUBLE_KEYED_OPTION, DOUBLE_KEYED_VARIABLE = "--double-keyed", "FORMTALLY_DOUBLE_KEYED"


def double_keyed(option: Sequence[str], environment: Mapping[str, str]) -> frozenset[str]:
    """Names of fields and columns: those of ``option``, else those in the environment, which have commas between; none by default.

    Raises:
        UsageError: no template has a field or column of such a name, or the queue shows it as it was read.
    """
    said = option or environment.get(DOUBLE_KEYED_VARIABLE, "").split(",")
    names = frozenset(name.strip() for name in said) - {""}
    templates = builtin_templates()
    known = {field.name for template in templates for field in template.fields}
    known |= {column.name for template in templates for table in template.tables for column in table.columns}
    if listed := sorted(names & LISTED):
        raise UsageError(f"The queue shows {listed[0]!r} as it was read: nobody could key it unseen.", "Leave it out.")
    if unknown := sorted(names - known):
        named = ", ".join(sorted(known - LISTED))
        raise UsageError(f"No form has a field {unknown[0]!r} that two people could key.", f"Name some of {named}.")
    return names
