"""Imports point one way, each library has one home, and the compiler takes what is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import eligibility

ROOT = Path(eligibility.__file__).parent
LAYERS = (
    {"truth", "errors", "compiled"},
    {"rules"},
    {"knowledge"},
    {"reading", "patient"},
    {"deciding"},
    {"calls", "whatif", "cohort", "surveying"},
    {"showing"},
    {"web", "cli", "testing"},
    {"__main__"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
BESIDE = {("deciding", "reading"), ("reading", "deciding")}
HOMES = {
    "lark": "reading",
    "pint": "knowledge/units",
    "rich": "showing",
    "jinja2": "showing",
    "sqlalchemy": "calls/keeping",
    "alembic": "calls/keeping",
}
EXCUSED = {("cli", "rich"), ("web", "jinja2")}  # a sign of life while working; pages of its own


def modules() -> list[str]:
    return sorted(str(path.relative_to(ROOT).with_suffix("")) for path in ROOT.rglob("*.py"))


def imported(module: str) -> Iterator[str]:
    """What a module imports when it runs; what only the checker of types sees is no import."""
    tree = ast.parse((ROOT / f"{module}.py").read_text(encoding="utf-8"))
    hidden = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: imports are written out in full"
            yield node.module or ""


def home(name: str) -> str:
    return name.replace("/", ".").split(".")[0]


@pytest.mark.parametrize("module", [name for name in modules() if name != "__init__"])
def test_imports_point_one_way(module: str) -> None:
    own = home(module)
    assert own in LEVEL, f"{own} has no place in the layers"
    for name in imported(module):
        if not name.startswith("eligibility."):
            continue
        other = home(name.removeprefix("eligibility."))
        if other == own:
            continue
        assert LEVEL[other] < LEVEL[own], f"{module} imports {name}"
        assert (own, other) not in BESIDE, f"{module} imports {name}: reading and deciding meet at the rules"


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    for module in modules():
        if any(name.split(".")[0] == library for name in imported(module)) and (home(module), library) not in EXCUSED:
            assert module.startswith(HOMES[library]), f"{module} imports {library}"


def test_truth_imports_nothing_of_the_package() -> None:
    assert not [name for name in imported("truth") if name.startswith("eligibility")]


@pytest.mark.parametrize("module", modules())
def test_the_compiler_takes_it(module: str) -> None:
    tree = ast.parse((ROOT / f"{module}.py").read_text(encoding="utf-8"))
    starred = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for operator, other in zip(node.ops, node.comparators, strict=True)
        if isinstance(operator, ast.In | ast.NotIn)
        and isinstance(other, ast.Tuple | ast.List | ast.Set)
        and any(isinstance(part, ast.Starred) for part in other.elts)
    ]
    assert not starred, f"{module}, lines {starred}: mypyc crashes on a starred tuple behind 'in'; give it a name"


@pytest.mark.parametrize("module", modules())
def test_no_function_names_a_union_of_types(module: str) -> None:
    tree = ast.parse((ROOT / f"{module}.py").read_text(encoding="utf-8"))
    named = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and is_union(node.value)
    ]
    assert not named, f"{module}, lines {named}: mypyc takes it for an alias and does not assign it; write it out"


def is_union(value: ast.expr) -> bool:
    """Whether an expression joins classes, by what their names begin with: ``Condition | Treatment``."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return all(
            is_union(side) or (isinstance(side, ast.Name) and is_class(side.id)) for side in (value.left, value.right)
        )
    return False


def is_class(name: str) -> bool:
    return name[:1].isupper() and not name.isupper()
