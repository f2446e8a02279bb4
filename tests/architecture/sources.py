"""The project's own files, as the tests about the code read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.servers import ROOT

PACKAGES = ("mpp", "kiosk", "display")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the repository, new ones included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(sorted(ROOT / name for name in names if name and (ROOT / name).is_file()))


@cache
def files(*suffixes: str, under: tuple[str, ...] = PACKAGES) -> list[Path]:
    """The tracked files of these kinds in these packages."""
    return [
        path for path in tracked() if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in under
    ]


@cache
def modules(under: tuple[str, ...] = PACKAGES) -> dict[str, Path]:
    """Every Python module by its dotted name."""
    return {name_of(path): path for path in files(".py", under=under)}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The dotted names that a module imports, whole: `from mpp.domain import turn` gives mpp.domain.turn."""
    only_for_types = {
        id(inner)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if id(node) in only_for_types:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(path, node)
            found += [f"{base}.{alias.name}" for alias in node.names]
    return tuple(found)


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """The name of each method called (`commit` for `session.commit()`) and its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def _base(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = name_of(path).split(".")
    here = here if path.name == "__init__.py" else here[:-1]
    return ".".join([*here[: len(here) - node.level + 1], *([node.module] if node.module else [])])
