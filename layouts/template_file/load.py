"""A template file from its bytes to the finished template."""

from functools import cache
from pathlib import Path

from layouts.template_file.faults import Fault, listed
from layouts.template_file.names import names_of
from layouts.template_file.rules import read_rules
from layouts.template_file.schema import TemplateShape
from layouts.template_file.shaped import shaped
from layouts.template_file.specs import read_fields, read_tables
from layouts.template_file.tree import Tree, read_tree
from models.errors import TemplateError
from models.template import Template

MAX_BYTES = 65_536
"""Of one file. The larger of the two built in has under 6,000; beyond this it is no template."""

_FOLDER = Path(__file__).parent.parent / "templates"


@cache
def builtin_templates() -> tuple[Template, ...]:
    """The templates that come with the program, by file name."""
    return tuple(load_template(path) for path in sorted(_FOLDER.glob("*.yaml")))


def load_template(path: Path) -> Template:
    """The template in the YAML file at ``path``.

    Raises:
        TemplateError: with every fault of the file at once, each ``file:line: message @ $.path``, the file as given.
    """
    tree = read_tree(_text(path))
    template = _template(tree)
    if template is None or tree.faults:
        raise TemplateError(listed(str(path), tree.faults, tree.lines))
    return template


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise TemplateError((f"{path}:1: cannot be read: {error.strerror} @ $",)) from error
    if len(data) > MAX_BYTES:
        raise TemplateError((f"{path}:1: larger than {MAX_BYTES} bytes @ $",))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TemplateError((f"{path}:{line}: not UTF-8 @ $",)) from error


def _template(tree: Tree) -> Template | None:
    if tree.value is None:
        if not tree.faults:
            tree.faults.append(Fault((), "the file is empty"))
        return None
    faults = tree.faults
    whole = shaped(TemplateShape, tree.value, (), faults)
    tables = read_tables(_list(tree, "tables"), ("tables",), faults)
    fields = read_fields(_list(tree, "fields"), tables, ("fields",), faults)
    rules = read_rules(_list(tree, "rules"), names_of(_list(tree, "fields"), _list(tree, "tables")), ("rules",), faults)
    if whole is None:
        return None
    return Template(whole.template, whole.kind, tuple(whole.titles), fields, tables, tuple(whole.fixed), rules)


def _list(tree: Tree, key: str) -> list[object]:
    value = tree.value.get(key) if isinstance(tree.value, dict) else None
    return list(value) if isinstance(value, list) else []
