"""Imports point down only, and each deed of weight has one place."""

import pytest

from tests.architecture.sources import PACKAGES, calls, imports, modules, within

FACES = ["mpp.api", "mpp.web", "mpp.live", "mpp.cli"]
OUTSIDE = ["flask", "flask_socketio", "socketio"]

# Who may not be known by whom: faces translate, actions act, queries read, the domain is.
UNKNOWN_TO = {
    "mpp.domain": [
        *OUTSIDE, "redis", "gevent", "gunicorn",
        "mpp.db", "mpp.clock", "mpp.settings", "mpp.queries", "mpp.actions", "mpp.history", *FACES,
        "sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker", "sqlalchemy.create_engine",
    ],
    "mpp.queries": [*OUTSIDE, "mpp.actions", "mpp.history", *FACES],
    "mpp.actions": [*OUTSIDE, "mpp.history", *FACES],
    "mpp.history": [*OUTSIDE, "mpp.db", "mpp.clock", "mpp.queries", "mpp.actions", *FACES],
    "mpp.api": ["mpp.web", "mpp.live", "mpp.cli"],
    "mpp.web": ["mpp.api", "mpp.live", "mpp.cli"],
    "mpp.live": ["mpp.api", "mpp.web", "mpp.cli"],
    "mpp.routes": FACES,
    "mpp.jobs": [*OUTSIDE, "mpp.history", *FACES],
    "mpp.worker": [*OUTSIDE, "sqlalchemy", "mpp.db", "mpp.queries", "mpp.actions", "mpp.history", *FACES],
    "mpp.db": ["flask", "mpp.queries", "mpp.actions", *FACES],
}  # fmt: skip


@pytest.mark.parametrize("layer", UNKNOWN_TO)
def test_imports_point_down_only(layer):
    upward = [
        f"{module} imports {name}"
        for module, path in modules().items()
        if within(module, layer)
        for name in imports(path)
        if any(within(name, unknown) for unknown in UNKNOWN_TO[layer])
    ]

    assert upward == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_three_programs_share_messages_and_never_code(package):
    others = [other for other in PACKAGES if other != package]

    shared = [
        f"{module} imports {name}"
        for module, path in modules((package,)).items()
        for name in imports(path)
        if any(within(name, other) for other in others) and not _is_the_mount(module, name)
    ]

    assert shared == []


def test_kiosk_and_server_search_by_one_text():
    texts = {modules()[name].read_text() for name in ("kiosk.service_search", "mpp.web.service_search")}

    assert len(texts) == 1


def test_only_the_transaction_commits():
    places = [
        f"{module}:{line}"
        for module, path in modules(("mpp",)).items()
        if module != "mpp.db"
        for name, line in calls(path)
        if name == "commit"
    ]

    assert places == []


def test_only_live_emits():
    places = [
        f"{module}:{line}"
        for module, path in modules(("mpp",)).items()
        if not within(module, "mpp.live")
        for name, line in calls(path)
        if name == "emit"
    ]

    assert places == []


def test_no_module_imports_itself_through_others():
    known = {name: {_module(found) for found in imports(path)} for name, path in modules().items()}

    assert _circle(known) == []


def _is_the_mount(module, name):
    """app.py introduces the board page to the server; nothing else of display is known there."""
    return module == "mpp.app" and within(name, "display")


def _module(name):
    """The module that an imported name lives in."""
    known = modules()
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def _circle(known):
    done, path = set(), []

    def visit(name):
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done or name not in known:
            return []
        path.append(name)
        for other in sorted(known[name] - {name}):
            if found := visit(other):
                return found
        path.pop()
        done.add(name)
        return []

    for name in sorted(known):
        if found := visit(name):
            return found
    return []
