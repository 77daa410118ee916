"""YAML as plain values together with the line of each, without aliases, tags of code, or depth without bound."""

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from layouts.template_file.faults import Fault, Place

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

MAX_DEPTH = 16
"""Nested collections; a template needs 5 (file, tables, table, columns, column). Thousands would exhaust the stack."""

_SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))


@dataclass(slots=True)
class Tree:
    """What a YAML text says.

    Attributes:
        value: plain lists, dictionaries and scalars; None where there is nothing that can be read.
        lines: 1-based line of each place.
        faults: of the YAML itself.
    """

    value: Plain = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_tree(text: str) -> Tree:
    """Parse ``text``; never raises for what it holds, but says so in ``faults``."""
    tree = Tree()
    try:
        if not _flat_enough(text, tree):
            return tree
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return _broken(tree, _line(error.problem_mark or error.context_mark), f"not YAML: {error.problem or error.context}")
    except yaml.reader.ReaderError as error:
        return _broken(tree, text.count("\n", 0, error.position) + 1, f"not YAML: {error.reason}")
    if node is not None:
        tree.value = _plain(node, (), tree)
    return tree


def _broken(tree: Tree, line: int, message: str) -> Tree:
    tree.lines[()] = line
    tree.faults.append(Fault((), message))
    return tree


def _line(mark: "yaml.error.Mark | yaml._yaml.Mark | None") -> int:
    """1-based."""
    return mark.line + 1 if mark is not None else 1


def _flat_enough(text: str, tree: Tree) -> bool:
    """Look at the events alone, before anything is built: an alias can multiply the file a billion times."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            _broken(tree, _line(event.start_mark), "aliases (*name) are not allowed; write the value out")
            return False
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            _broken(tree, _line(event.start_mark), f"nested deeper than {MAX_DEPTH} levels")
            return False
    return True


def _plain(node: yaml.Node, place: Place, tree: Tree) -> Plain:
    tree.lines.setdefault(place, _line(node.start_mark))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, tree)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, i), tree) for i, item in enumerate(node.value)]
    return _scalar(node, place, tree)


def _mapping(node: yaml.MappingNode, place: Place, tree: Tree) -> Plain:
    result: dict[str, Plain] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        inner = (*place, key)
        if not isinstance(key_node, yaml.ScalarNode):
            tree.lines[inner] = _line(key_node.start_mark)
            tree.faults.append(Fault(inner, "a key must be a word"))
        elif key in result:
            tree.lines[inner] = _line(key_node.start_mark)
            tree.faults.append(Fault(inner, f"key {key!r} is given twice"))
        else:
            tree.lines[inner] = _line(key_node.start_mark)
            result[key] = _plain(value_node, inner, tree)
    return result


def _scalar(node: yaml.Node, place: Place, tree: Tree) -> Plain:
    text = str(node.value)
    if node.tag not in _SCALARS:
        tree.faults.append(Fault(place, f"{text[:40]!r} is read as {node.tag.rpartition(':')[2]}; put it in quotes"))
        return text
    match node.tag.rpartition(":")[2]:
        case "str":
            return text
        case "null":
            return None
        case "bool":
            return text.lower() in ("yes", "true", "on")
        case _:
            return _number(text)


def _number(text: str) -> int | float:
    """Templates hold no numbers, so only that it is one matters: the schema says what should stand there."""
    try:
        return int(text, 0)
    except ValueError:
        return 0.0
