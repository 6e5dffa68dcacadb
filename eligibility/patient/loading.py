"""Documents that people write: YAML or JSON, bounded, and with the place of every value for the errors.

The YAML taken is that of version 1.2's core schema and no more: a date stays text, ``no`` is a word, ``007`` keeps its
zeros. A document that is too large, too deep, that repeats a key or that grows by aliases is refused.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from eligibility.errors import EligibilityError, ProfileError

__all__ = ["Document", "Place", "Positions", "read", "read_document"]

LARGEST: Final = 5_000_000
"""Bytes of a document."""
DEEPEST: Final = 40
"""Levels of lists and mappings."""
MOST: Final = 500_000
"""Values of a document, aliases written out."""

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""
Path_: TypeAlias = tuple[str | int, ...]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class Positions:
    """Where the values and the keys of a document stand."""

    def __init__(self) -> None:
        """Of an empty document."""
        self.values: dict[Path_, Place] = {}
        self.keys: dict[Path_, Place] = {}

    def at(self, path: Path_, *, of_key: bool = False) -> Place | None:
        """The place of the value at a path, or of the nearest value that it is part of."""
        if of_key and path in self.keys:
            return self.keys[path]
        while path not in self.values:
            if not path:
                return None
            path = path[:-1]
        return self.values[path]


@dataclass(frozen=True)
class Document:
    """What was read, and from where."""

    data: Any
    text: str
    source: str
    kind: type[EligibilityError] = ProfileError

    @cached_property
    def positions(self) -> Positions:
        """Worked out when they are first asked for: a document without errors never needs them."""
        try:
            return _compose(self.text)[1]
        except (_Broken, yaml.YAMLError, RecursionError):  # JSON that is no YAML, as with tabs
            return Positions()

    def error(self, message: str, path: Path_ = (), *, of_key: bool = False) -> EligibilityError:
        """The error to raise for the value at a path."""
        line, column = self.positions.at(path, of_key=of_key) or (None, None)
        return self.kind(message, source=self.source, text=self.text, line=line, column=column)


def read_document(path: str | Path, error: type[EligibilityError] = ProfileError) -> tuple[Any, Positions]:
    """The data of a YAML or JSON file ("-" is standard input), and where each value stands."""
    document = read(path, error)
    return document.data, document.positions


def read(path: str | Path, error: type[EligibilityError] = ProfileError) -> Document:
    """A YAML or JSON file; "-" is standard input. Raises ``error``, with the place where there is one."""
    source, raw = _bytes(path, error)
    return parse(_decoded(raw, source, error), source, error)


def parse(text: str, source: str = "<text>", error: type[EligibilityError] = ProfileError) -> Document:
    """A text of YAML or JSON. Raises ``error``."""

    def fail(message: str, line: int | None = None, column: int | None = None) -> NoReturn:
        raise error(message, source=source, text=text, line=line, column=column) from None

    if len(text) > LARGEST:
        fail(f"the document is larger than {LARGEST // 1_000_000} MB")
    if found := _CONTROL.search(text):
        fail("a control character stands here; remove it", *_place(text, found.start()))
    if not text.strip():
        fail("the document is empty; write fields, as sex: female")
    if text.lstrip()[0] in "{[":
        try:
            return Document(_json(text), text, source, error)
        except json.JSONDecodeError as problem:
            if source.lower().endswith(".json") or re.match(r'\s*[{\[]\s*"', text):
                fail(f"this is not JSON: {problem.msg[:1].lower() + problem.msg[1:]}", problem.lineno, problem.colno)
        except RecursionError:
            fail(f"the document is nested deeper than {DEEPEST} levels")
        except _Broken as problem:
            place = _place_of_fault(text)
            fail(problem.message, *place)
    elif source.lower().endswith(".json"):
        fail("this is not JSON: expected { at the beginning", 1, 1)
    try:
        return Document(_compose(text)[0], text, source, error)
    except _Broken as problem:
        fail(problem.message, problem.line, problem.column)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = problem.problem or problem.context or "it cannot be read"
        fail(f"this is not YAML: {what}", *((mark.line + 1, mark.column + 1) if mark else ()))
    except (yaml.YAMLError, RecursionError):
        fail("this is not YAML")


# ---------------------------------------------------------------------------------------------------------------------
# Bytes and characters


def _bytes(path: str | Path, error: type[EligibilityError]) -> tuple[str, bytes]:
    source = "<stdin>" if str(path) == "-" else str(path)
    try:
        if source == "<stdin>":
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise error("there is no such file; expected a document in YAML or JSON", source=source) from None
    except IsADirectoryError:
        raise error("this is a folder; expected a file in YAML or JSON", source=source) from None
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else "not a name of a file"
        raise error(f"the file cannot be read: {why}", source=source) from None
    if len(raw) > LARGEST:
        raise error(f"the document is larger than {LARGEST // 1_000_000} MB", source=source)
    return source, raw


def _decoded(raw: bytes, source: str, error: type[EligibilityError]) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise error(f"line {line} is not text in UTF-8; save the file as UTF-8", source=source) from None


def _place(text: str, index: int) -> Place:
    # lines as str.splitlines() counts them: an error draws its line by them
    lines = text[: index + 1].splitlines()
    return len(lines), len(lines[-1])


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def _json(text: str) -> Any:
    data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
    todo = [(data, 1)]
    while todo:
        value, depth = todo.pop()
        if depth > DEEPEST:
            raise _Broken(f"the document is nested deeper than {DEEPEST} levels")
        if isinstance(value, dict):
            todo += ((part, depth + 1) for part in (*value, *value.values()) if isinstance(part, (dict, list, str)))
        elif isinstance(value, list):
            todo += ((part, depth + 1) for part in value if isinstance(part, (dict, list, str)))
        elif isinstance(value, str) and _CONTROL.search(value):
            raise _Broken("a control character stands here; remove it")
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for index, name in enumerate(names) if name in names[:index])
        raise _Broken(f"the key {twice[:60]!r} is written twice; keep one of them")
    return made


def _constant(_: str) -> NoReturn:
    raise _Broken("expected a finite number")


def _integer(text: str) -> float:
    return int(text) if len(text) < 30 else float(text)


def _place_of_fault(text: str) -> tuple[int | None, int | None]:
    """Where a fault stands that was found in JSON: JSON is YAML, and that reader knows the places."""
    try:
        _compose(text)
    except _Broken as problem:
        return problem.line, problem.column
    except (yaml.YAMLError, RecursionError):
        pass
    return None, None


# ---------------------------------------------------------------------------------------------------------------------
# YAML


class _Broken(Exception):
    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column

    @classmethod
    def at(cls, message: str, mark: Any) -> _Broken:
        return cls(message, mark.line + 1, mark.column + 1)


class _Resolver(BaseResolver):
    """The tags of YAML 1.2's core schema."""


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", list("-+.")),
):
    _Resolver.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)


class _Bounded(Composer):
    """Composes nodes, counting those that aliases stand for as often as they do."""

    def __init__(self) -> None:
        super().__init__()
        self._count = self._depth = 0
        self._sizes: dict[str, int] = {}

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event: Any = self.peek_event()  # type: ignore[attr-defined]
        name, before = event.anchor if hasattr(event, "anchor") else None, self._count
        if isinstance(event, yaml.AliasEvent):
            if name in self.anchors and name not in self._sizes:
                raise _Broken.at("this alias stands for what it is part of; write the value out", event.start_mark)
            self._count += self._sizes.get(name or "", 0)
            name = None
        self._count += 1
        if self._count > MOST:
            raise _Broken.at(f"the document has more than {MOST} values, aliases written out", event.start_mark)
        self._depth += 1
        if self._depth > DEEPEST + 1:
            raise _Broken.at(f"the document is nested deeper than {DEEPEST} levels", event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if name:
            self._sizes[name] = self._count - before
        return node


if hasattr(yaml, "CSafeLoader"):
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class _Loader(_Bounded, CParser, _Resolver):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            _Bounded.__init__(self)
            _Resolver.__init__(self)

else:

    class _Loader(_Bounded, Reader, Scanner, Parser, _Resolver):  # type: ignore[no-redef]
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)
            _Bounded.__init__(self)
            _Resolver.__init__(self)


def _compose(text: str) -> tuple[Any, Positions]:
    loader: Any = _Loader(text)
    node = loader.get_single_node()
    positions = Positions()
    if node is None:
        raise _Broken("the document is empty; write fields, as sex: female")
    return _built(node, (), positions), positions


def _built(node: Node, path: Path_, positions: Positions) -> Any:
    mark: Any = node.start_mark
    positions.values[path] = (mark.line + 1, mark.column + 1)
    match node:
        case MappingNode() if node.tag == "tag:yaml.org,2002:map":
            made: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = _built(key_node, (*path, "[key]"), positions)
                if isinstance(key, (dict, list)):
                    raise _Broken.at("expected a word before the colon", key_node.start_mark)
                if key == "<<":
                    raise _Broken.at("merging with << is not taken; write the fields out", key_node.start_mark)
                if key in made:
                    raise _Broken.at(
                        f"the key {str(key)[:60]!r} is written twice; keep one of them", key_node.start_mark
                    )
                positions.keys[*path, key] = positions.values.pop((*path, "[key]"))
                made[key] = _built(value_node, (*path, key), positions)
            return made
        case SequenceNode() if node.tag == "tag:yaml.org,2002:seq":
            return [_built(part, (*path, index), positions) for index, part in enumerate(node.value)]
        case ScalarNode():
            return _scalar(node.tag.removeprefix("tag:yaml.org,2002:"), node.value, mark)
        case _:
            raise _Broken.at("a tag with ! is not taken; write the plain value", mark)


def _scalar(tag: str, text: str, mark: Any) -> Any:
    match tag:
        case "str":
            if _CONTROL.search(text):
                raise _Broken.at("a control character stands here; remove it", mark)
            return text
        case "null":
            return None
        case "bool" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "int" | "float":
            try:
                return _integer(text) if tag == "int" else float(text.replace(".inf", "inf").replace(".nan", "nan"))
            except ValueError:
                raise _Broken.at("expected a number", mark) from None
        case _:
            raise _Broken.at("a tag with ! is not taken; write the plain value", mark)
