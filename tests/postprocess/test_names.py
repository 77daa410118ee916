"""What cells are called, also those of a record that another version of the template made."""

from layouts.template_file import builtin_templates
from models.template import ValueKind
from postprocess.names import Names
from postprocess.places import Place

TEMPLATE = next(template for template in builtin_templates() if template.tables)
NAMES = Names(TEMPLATE, {})


def test_every_place_of_a_template_has_a_name_and_its_kind() -> None:
    for spec in TEMPLATE.fields:
        assert NAMES.kind(Place(spec.name)) is spec.kind
        assert NAMES.of(Place(spec.name))
    for table in TEMPLATE.tables:
        for column in table.columns:
            place = Place(column.name, table.name, 2)
            assert NAMES.kind(place) is column.kind
            assert NAMES.of(place).startswith("第3行的")


def test_a_place_that_the_template_does_not_know_is_text_called_by_its_path() -> None:
    for place in (Place("gone"), Place("gone", TEMPLATE.tables[0].name, 0), Place("score", "gone", 1)):
        assert (NAMES.of(place), NAMES.kind(place)) == (str(place), ValueKind.TEXT)
