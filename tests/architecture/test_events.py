"""Every event that a page or a script waits for is one that the mall records or the socket sends."""

import ast
import re

from tests.architecture.sources import files, modules, tree, within
from tests.servers import ROOT

# The names that the contract fixes; those of later days may be listened for already.
BY_NOW = {
    *("ticket_taken", "turn_called", "turn_recalled", "turn_started", "turn_finished", "turn_missed"),
    *("turn_put_back", "turn_cancelled", "turn_expired", "counter_opened", "counter_closed"),
}
LATER = {
    *("turn_parked", "turn_resumed", "turn_returned", "turn_transferred", "counter_paused"),
    *("notice_posted", "disturbance_raised", "disturbance_lifted"),
}
OF_THE_SOCKET = {"connect", "disconnect", "connect_error", "snapshot", "heartbeat"}
FACT = re.compile(
    r'["\'`]((?:ticket|turn|counter|slip|notice|disturbance|day|call|device|user)_[a-z_]+ed)["\'`]'
)
LISTENED = re.compile(r"""socket\.on\(\s*["']([\w]+)["']""")
DECLARED = re.compile(r'<live-fragment[^>]*\son="([^"]+)"', re.DOTALL)


def test_every_event_in_a_template_exists():
    unknown = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files(".html")
        for names in DECLARED.findall(path.read_text())
        for name in names.split()
        if name not in _recorded()
    ]

    assert unknown == []


def test_every_event_in_a_script_exists():
    known = _recorded() | LATER | OF_THE_SOCKET

    unknown = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files(".js", under=("mpp", "display"))
        if ".min." not in path.name
        for name in [*FACT.findall(path.read_text()), *LISTENED.findall(path.read_text())]
        if name not in known
    ]

    assert unknown == []


def test_the_mall_records_what_its_contract_names():
    assert BY_NOW - _recorded() == set()


def _recorded():
    """The names of facts as the domain and the actions spell them."""
    return {
        node.value
        for name, path in modules(("mpp",)).items()
        if within(name, "mpp.domain") or within(name, "mpp.actions")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+_[a-z_]+", node.value)
    }
