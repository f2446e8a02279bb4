"""The journal: what it promises when time passes and when things are tried twice."""

import json
import time

import pytest
from pysqlite3 import dbapi2 as sqlite

from kiosk import shapes
from kiosk.journal import KEPT_S, TTL_S, Journal
from tests.kiosk.samples import SLIP, answer

SERVICE = {"queue": "AA", "code": "A-01", "agency": "A"}


@pytest.fixture
def journal(tmp_path):
    kept = Journal(tmp_path / "journal.sqlite3")
    yield kept
    kept.close()


def taken(journal, intent="satu", number=1):
    journal.begin(intent, ["A-01"], None, "id")
    assert journal.give(intent, answer(SERVICE, number), SLIP)
    return intent


def test_an_intent_is_noted_once_with_what_was_first_wished(journal):
    journal.begin("satu", ["A-01"], "LANSIA", "id")
    again = journal.begin("satu", ["B-01"], None, "en")

    assert (again.services, again.priority) == (("A-01",), "LANSIA")
    assert (again.language, again.state) == ("id", "asking")


def test_a_ticket_and_its_paper_are_kept_in_one_step(journal):
    taken(journal)

    entry = journal.entry("satu")
    assert (entry.state, entry.answer["label"], entry.print_state) == ("taken", "AA-001", "allocated")


def test_a_number_that_comes_after_the_visitor_left_is_not_printed_but_taken_back(journal):
    journal.begin("satu", ["A-01"], None, "id")
    journal.abandon("satu")

    assert not journal.give("satu", answer(SERVICE), SLIP)

    assert journal.next_job() is None
    assert [ghost.intent for ghost in journal.ghosts()] == ["satu"]
    journal.settle("satu")
    assert journal.ghosts() == []


def test_an_intent_that_never_reached_the_server_leaves_no_ghost(journal):
    journal.begin("satu", ["A-01"], None, "id")
    journal.abandon("satu")

    assert journal.ghosts() == []


def test_paper_is_given_out_once_and_in_order(journal):
    taken(journal, "satu", 1)
    taken(journal, "dua", 2)

    assert [journal.next_job().slip_id, journal.next_job().slip_id, journal.next_job()] == [1, 2, None]


def test_paper_that_waited_over_night_is_void_and_never_printed(journal):
    taken(journal)

    assert journal.next_job(now=time.time() + TTL_S + 1) is None

    assert journal.entry("satu").print_state == "void"
    assert [job.state for job in journal.unreported()] == ["void"]


@pytest.mark.parametrize(("age", "state"), [(TTL_S - 5, "allocated"), (TTL_S + 5, "void")])
def test_after_a_restart_young_paper_is_printed_and_old_paper_is_void(journal, age, state):
    taken(journal)

    journal.recover(now=time.time() + age)

    assert journal.entry("satu").print_state == state


def test_after_a_restart_paper_that_was_on_its_way_is_unknown(journal):
    taken(journal)
    journal.next_job()

    journal.recover()

    assert (journal.entry("satu").print_state, journal.next_job()) == ("unknown", None)


@pytest.mark.parametrize(("first", "copy"), [("failed", False), ("unknown", True)])
def test_a_second_paper_is_a_copy_unless_there_surely_is_no_first(journal, first, copy):
    taken(journal)
    journal.finish(journal.next_job().id, first, "")

    assert journal.reprint("satu")
    assert journal.reprint("satu") is False, "one at a time"
    assert journal.next_job().copy is copy


def test_what_was_printed_is_not_printed_again(journal):
    taken(journal)
    journal.finish(journal.next_job().id, "printed", "")

    assert journal.reprint("satu") is False
    assert journal.reprint("tidak ada") is False


def test_old_days_are_forgotten(journal):
    taken(journal)
    journal.ask_for(77, answer(SERVICE), SLIP, copy=True)

    journal.recover(now=time.time() + KEPT_S + 60)

    assert journal.entry("satu") is None
    assert journal.unreported() == [] and journal.ask_for(77, answer(SERVICE), SLIP, copy=True)


def test_a_wanted_paper_is_kept_once_for_the_server_that_wants_it(journal):
    other = {**answer(SERVICE), "token": "dari-peladen-lain"}

    assert journal.ask_for(77, answer(SERVICE), SLIP, copy=False)
    assert not journal.ask_for(77, answer(SERVICE), SLIP, copy=False)
    assert journal.ask_for(77, other, SLIP, copy=True), "a new server counts its slips from 1 again"

    jobs = [journal.next_job(), journal.next_job(), journal.next_job()]
    assert [(job.slip_id, job.copy) for job in jobs[:2]] == [(77, False), (77, True)] and jobs[2] is None


def test_the_paper_of_a_visitors_own_number_is_never_printed_as_wanted(journal):
    taken(journal, "satu", 12)

    assert not journal.ask_for(12, answer(SERVICE, 12), SLIP, copy=False)

    assert journal.next_job() and journal.next_job() is None


def test_the_journal_of_an_older_kiosk_is_brought_along(tmp_path):
    path = tmp_path / "journal.sqlite3"
    base = sqlite.connect(str(path))
    base.executescript(shapes._FIRST)
    old = {
        name: value for name, value in json.loads(SLIP.to_json()).items() if name not in ("matters", "route")
    }
    base.execute(
        "INSERT INTO intents VALUES ('satu', 'A-01', NULL, 'id', 'taken', 0, ?, NULL)", (time.time(),)
    )
    base.execute(
        "INSERT INTO tickets VALUES (5, 'satu', ?, ?)", (json.dumps(answer(SERVICE)), json.dumps(old))
    )
    base.execute("INSERT INTO jobs VALUES (9, 5, 0, 'printed', '', ?, 0)", (time.time(),))
    base.commit()
    base.close()

    for _ in range(2):
        journal = Journal(path)
        assert journal.entry("satu").services == ("A-01",)
        assert [(job.id, job.slip_id, job.slip) for job in journal.unreported()] == [(9, 12, SLIP)]
        journal.close()


def test_the_journal_of_a_newer_kiosk_is_left_alone(tmp_path):
    path = tmp_path / "journal.sqlite3"
    base = sqlite.connect(str(path))
    base.execute("PRAGMA user_version = 99")
    base.close()

    with pytest.raises(RuntimeError, match="newer kiosk"):
        Journal(path)


def test_a_report_is_owed_until_it_was_delivered(journal):
    taken(journal)
    job = journal.next_job()
    assert journal.unreported() == []
    journal.finish(job.id, "printed", "")

    assert [(owed.slip_id, owed.state) for owed in journal.unreported()] == [(1, "printed")]
    journal.reported(job.id)
    assert journal.unreported() == []
