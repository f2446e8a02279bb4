"""The habits of the code, as far as a program can see them."""

import ast
import re

import pytest

from tests.architecture.sources import PACKAGES, files, modules, name_of, tracked, tree
from tests.servers import ROOT

EVERYWHERE = (*PACKAGES, "tests")

# Where a process ends and may not take the others with it; each names what it caught in its log.
OUTER_EDGES = {
    "mpp.app",
    "mpp.api.problems",
    "mpp.live.follower",
    "mpp.jobs.scheduler",
    "kiosk.printing.worker",
    "kiosk.run",
}


@pytest.mark.parametrize("path", files(".py", under=EVERYWHERE), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path):
    assert not path.read_text() or ast.get_docstring(tree(path)), f"{path} has no docstring"


def test_tests_wait_for_conditions_and_not_for_time():
    sleepers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files(".py", under=("tests",))
        if path.name != "servers.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and _dotted(node.func) in ("time.sleep", "sleep", "page.wait_for_timeout")
    ]

    assert sleepers == []


def test_no_test_is_skipped():
    skipped = re.compile(r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b")

    found = [
        str(path.relative_to(ROOT))
        for path in files(".py", under=("tests",))
        if path.name != "test_habits.py" and skipped.search(path.read_text())
    ]

    assert found == []


def test_only_the_outer_edge_catches_everything():
    catchers = [
        f"{name}:{node.lineno}"
        for name, path in modules().items()
        if name not in OUTER_EDGES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and _dotted(node.type) in ("", "Exception", "BaseException")
        and ast.unparse(node.body[-1]) != "raise"
    ]

    assert catchers == []


def test_nothing_is_left_to_do():
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".js", ".css", ".html", ".md", ".toml", ".sh"}
        and "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]

    assert found == []


def test_time_comes_from_the_clock():
    askers = [
        f"{name}:{node.lineno}"
        for name, path in modules(("mpp",)).items()
        if name not in ("mpp.clock",)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and _dotted(node.func)
        in ("datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time")
    ]

    assert askers == []


def _dotted(node):
    if node is None:
        return ""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def test_test_names_are_sentences():
    names = [
        f"{name_of(path)}.{node.name}"
        for path in files(".py", under=("tests",))
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]

    assert names == []
