"""The journal: what it promises when time passes and when things are tried twice."""

import json
import time

import pytest
from pysqlite3 import dbapi2 as sqlite

from kiosk.journal import KEPT_S, Journal, schema
from kiosk.journal.print_jobs import TTL_S
from kiosk.states import PRINT_MOVES, PrintState
from kiosk.ticket import Ticket, TicketIntent
from tests.kiosk.samples import SLIP, answer

SERVICE = {"queue": "AA", "code": "A-01", "agency": "A"}


@pytest.fixture
def journal(tmp_path):
    kept = Journal(tmp_path / "journal.sqlite3")
    yield kept
    kept.close()


def intent_of(key):
    return TicketIntent(key, ("A-01",), None, "id")


def ticket(number=12):
    return Ticket.model_validate(answer(SERVICE, number))


def taken(journal, intent="satu", number=1):
    journal.intents.begin(intent_of(intent))
    assert journal.intents.give(intent, ticket(number), SLIP)
    return intent


def test_an_intent_is_noted_once_with_what_was_first_wanted(journal):
    journal.intents.begin(TicketIntent("satu", ("A-01",), "LANSIA", "id"))
    again = journal.intents.begin(TicketIntent("satu", ("B-01",), None, "en"))

    assert (again.intent.services, again.intent.priority) == (("A-01",), "LANSIA")
    assert (again.intent.language, again.state) == ("id", "asking")


def test_a_ticket_and_its_paper_are_kept_in_one_step(journal):
    taken(journal)

    record = journal.intents.get("satu")
    assert (record.state, record.ticket.label, record.print_state) == ("taken", "AA-001", "allocated")


def test_a_number_that_comes_after_the_visitor_left_is_not_printed_but_taken_back(journal):
    journal.intents.begin(intent_of("satu"))
    journal.intents.abandon("satu")

    assert not journal.intents.give("satu", ticket(), SLIP)

    assert journal.print_jobs.next() is None
    assert [intent.key for intent in journal.intents.to_cancel()] == ["satu"]
    journal.intents.settle("satu")
    assert journal.intents.to_cancel() == []


def test_an_intent_that_never_reached_the_server_leaves_no_ghost(journal):
    journal.intents.begin(intent_of("satu"))
    journal.intents.abandon("satu")

    assert journal.intents.to_cancel() == []


def test_paper_is_given_out_once_and_in_order(journal):
    taken(journal, "satu", 1)
    taken(journal, "dua", 2)

    assert [
        journal.print_jobs.next().slip_id,
        journal.print_jobs.next().slip_id,
        journal.print_jobs.next(),
    ] == [1, 2, None]


def test_paper_that_waited_over_night_is_void_and_never_printed(journal):
    taken(journal)

    assert journal.print_jobs.next(now=time.time() + TTL_S + 1) is None

    assert journal.intents.get("satu").print_state == "void"
    assert [job.state for job in journal.print_jobs.unreported()] == ["void"]


@pytest.mark.parametrize(("age", "state"), [(TTL_S - 5, "allocated"), (TTL_S + 5, "void")])
def test_after_a_restart_young_paper_is_printed_and_old_paper_is_void(journal, age, state):
    taken(journal)

    journal.recover(now=time.time() + age)

    assert journal.intents.get("satu").print_state == state


def test_after_a_restart_paper_that_was_on_its_way_is_unknown(journal):
    taken(journal)
    journal.print_jobs.next()

    journal.recover()

    assert (journal.intents.get("satu").print_state, journal.print_jobs.next()) == ("unknown", None)


@pytest.mark.parametrize(("first", "copy"), [("failed", False), ("unknown", True)])
def test_a_second_paper_is_a_copy_unless_there_surely_is_no_first(journal, first, copy):
    taken(journal)
    journal.print_jobs.finish(journal.print_jobs.next().id, first, "")

    assert journal.print_jobs.reprint("satu")
    assert journal.print_jobs.reprint("satu") is False, "one at a time"
    assert journal.print_jobs.next().copy is copy


def test_what_was_printed_is_not_printed_again(journal):
    taken(journal)
    journal.print_jobs.finish(journal.print_jobs.next().id, "printed", "")

    assert journal.print_jobs.reprint("satu") is False
    assert journal.print_jobs.reprint("tidak ada") is False


@pytest.mark.parametrize("end", sorted(PRINT_MOVES[PrintState.SENT]))
def test_a_slip_moves_as_its_table_allows_and_never_back(journal, end):
    taken(journal)
    journal.print_jobs.finish(1, end, "")
    assert journal.intents.get("satu").print_state == "allocated", "nothing was sent yet"
    job = journal.print_jobs.next()

    journal.print_jobs.finish(job.id, end, "")
    journal.print_jobs.finish(job.id, "printed", "")

    assert journal.intents.get("satu").print_state == end


def test_old_days_are_forgotten(journal):
    taken(journal)
    journal.print_jobs.want(77, ticket(), SLIP.as_copy())

    journal.recover(now=time.time() + KEPT_S + 60)

    assert journal.intents.get("satu") is None
    assert journal.print_jobs.unreported() == [] and journal.print_jobs.want(77, ticket(), SLIP.as_copy())


def test_a_wanted_paper_is_kept_once_for_the_server_that_wants_it(journal):
    other = ticket().model_copy(update={"token": "dari-peladen-lain"})

    assert journal.print_jobs.want(77, ticket(), SLIP)
    assert not journal.print_jobs.want(77, ticket(), SLIP)
    assert journal.print_jobs.want(77, other, SLIP.as_copy()), "a new server counts its slips from 1 again"

    jobs = [journal.print_jobs.next(), journal.print_jobs.next(), journal.print_jobs.next()]
    assert [(job.slip_id, job.copy) for job in jobs[:2]] == [(77, False), (77, True)] and jobs[2] is None


def test_the_paper_of_a_visitors_own_number_is_never_printed_as_wanted(journal):
    taken(journal, "satu", 12)

    assert not journal.print_jobs.want(12, ticket(12), SLIP)

    assert journal.print_jobs.next() and journal.print_jobs.next() is None


def test_the_journal_of_an_older_kiosk_is_brought_along(tmp_path):
    path = tmp_path / "journal.sqlite3"
    base = sqlite.connect(str(path))
    base.executescript(schema._FIRST)
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
        assert journal.intents.get("satu").intent.services == ("A-01",)
        assert [(job.id, job.slip_id, job.slip) for job in journal.print_jobs.unreported()] == [(9, 12, SLIP)]
        journal.close()


def test_the_journey_of_an_older_journal_is_a_list_of_codes(tmp_path):
    path = tmp_path / "journal.sqlite3"
    base = sqlite.connect(str(path))
    base.executescript(schema._FIRST + schema._SECOND + "PRAGMA user_version = 2;")
    base.execute(
        "INSERT INTO intents VALUES ('satu', 'A-01 A-02 B-01', NULL, 'id', 'asking', 0, ?, NULL)",
        (time.time(),),
    )
    base.commit()
    base.close()

    journal = Journal(path)

    assert journal.intents.get("satu").intent.services == ("A-01", "A-02", "B-01")
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
    job = journal.print_jobs.next()
    assert journal.print_jobs.unreported() == []
    journal.print_jobs.finish(job.id, "printed", "")

    assert [(owed.slip_id, owed.state) for owed in journal.print_jobs.unreported()] == [(1, "printed")]
    journal.print_jobs.mark_reported(job.id)
    assert journal.print_jobs.unreported() == []
