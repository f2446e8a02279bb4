"""Events are declared once: pages, boards and the news take their names from there, and know no others."""

import re

import pytest

from mpp.domain.event import EVENTS, Board, Hears
from mpp.domain.events import names, on_boards
from mpp.domain.life import Verb
from mpp.history.vocabulary import FACTS
from tests.architecture.sources import files
from tests.servers import ROOT

# What the contract lets displays hear by name; clients pass over news that they do not know.
CONTRACT = {
    *("ticket_taken", "turn_joined", "turn_called", "turn_recalled", "turn_started", "turn_finished"),
    *("turn_missed", "turn_put_back", "turn_parked", "turn_resumed", "turn_returned", "turn_transferred"),
    *("turn_cancelled", "turn_expired", "counter_opened", "counter_closed", "counter_paused"),
    *("disturbance_raised", "disturbance_lifted"),
}
OF_THE_SOCKET = {"connect", "disconnect", "connect_error", "snapshot", "heartbeat"}
WORD = re.compile(r"""["'`\s]([a-z]+_[a-z_]+)(?=["'`\s])""")
LISTENED = re.compile(r"""socket\.on\(\s*["']([\w]+)["']""")
SUBSCRIPTION = re.compile(r'<live-fragment[^>]*\son="([^"]+)"', re.DOTALL)
ASKED = re.compile(r"\{\{ events\(((?:'[a-z_]+'(?:, )?)+)\) \}\}")


def test_every_part_of_a_page_listens_to_events_that_exist():
    subscriptions = [
        (str(path.relative_to(ROOT)), said)
        for path in files(".html")
        for said in SUBSCRIPTION.findall(path.read_text())
    ]

    assert len(subscriptions) > 5
    for path, said in subscriptions:
        asked = ASKED.fullmatch(said)
        assert asked, f"{path} names its events by itself"
        assert names(*re.findall("[a-z_]+", asked[1])), path


def test_no_script_or_template_names_an_event():
    named = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in files(".js", under=("mpp", "display")) + files(".html", under=("mpp", "display"))
        if ".min." not in path.name
        for word in WORD.findall(ASKED.sub("", path.read_text()))
        if word in EVENTS
    ]

    assert named == []


def test_every_event_of_a_socket_in_a_script_exists():
    unknown = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files(".js", under=("mpp", "display"))
        if ".min." not in path.name
        for name in LISTENED.findall(path.read_text())
        if name not in OF_THE_SOCKET
    ]

    assert unknown == []


def test_displays_hear_what_the_contract_names():
    heard = {name for name, event in EVENTS.items() if event.hears & Hears.ZONE}

    assert CONTRACT - heard == set()


def test_a_board_knows_everything_that_an_event_does_to_it():
    store = (ROOT / "display/static/store.js").read_text() + (ROOT / "display/static/board.js").read_text()
    known = set(re.findall(r'does\("([a-z]+)"', store)) | set(re.findall(r"^  ([a-z]+): \(", store, re.M))

    assert known == {str(effect.name).lower() for effect in Board}
    assert {effect for effects in on_boards().values() for effect in effects} == known


def test_what_changes_a_board_is_heard_there():
    assert {name for name in on_boards() if not EVENTS[name].hears & Hears.ZONE} == set()


def test_every_verb_of_a_turn_is_an_event():
    assert set(names("turn")) == {str(verb) for verb in Verb}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_declares_the_facts_that_the_history_checker_allows(name):
    facts = set(EVENTS[name].defaults)

    assert facts | ({"note_seal"} if "note" in facts and name != "note_erased" else set()) == FACTS[name]
