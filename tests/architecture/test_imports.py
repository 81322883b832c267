"""The domain is plain Python: the standard library and itself, no clock, no chance, no input or output."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src/huiyin"
DOMAIN = sorted((PACKAGE / "domain").rglob("*.py"))
IMPURE_MODULES = {
    "asyncio",
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
    "uuid",
}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "print", "input"}


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func
            yield name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_domain_knows_only_the_standard_library_and_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text())
    foreign = {
        name
        for name in _imported(tree)
        if not name.startswith("huiyin.domain") and name.split(".")[0] not in sys.stdlib_module_names - IMPURE_MODULES
    }

    assert foreign == set()
    assert set(_called(tree)) & IMPURE_CALLS == set()
