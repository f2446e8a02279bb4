"""The verbs of the desk over HTTP: each answers as the contract says, and each refusal has its code."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.mall import code
from tests.servers import wait_until

AT_A = {"services": ["A-01"], "priority": None, "language": "id"}


@pytest.fixture
def counter(mall):
    """A free and open counter of Disdukcapil where nobody else waits."""
    number = mall.model.counters["A"][0]
    mall.clear(number)
    while mall.verb(number, "open").status_code == 200 and mall.verb(number, "call-next").status_code == 200:
        mall.do(number, "start", "finish")
    yield number
    mall.clear(number)


def done(mall, counter, verb, body=None, who="officer_a"):
    answer = mall.verb(counter, verb, body, who=who)
    assert answer.status_code == 200, f"{verb}: {answer.text}"
    document = answer.json()
    assert {"turn", "counter", "seq"} <= set(document)
    assert {"id", "name", "open", "holder"} <= set(document["counter"])
    if document["turn"]:
        shape = {"id", "ticket", "label", "queue", "service", "state", "nth", "timings"}
        assert shape <= set(document["turn"])
    return document


def refused(mall, counter, verb, body=None, who="officer_a"):
    answer = mall.verb(counter, verb, body, who=who)
    return answer.status_code, code(answer)


def view(mall, ticket):
    return mall.get("nobody", f"/api/v1/tickets/{ticket['token']}").json()


def test_park_and_resume(mall, counter):
    ticket = mall.take(AT_A)
    done(mall, counter, "call-next")
    done(mall, counter, "start")

    parked = done(mall, counter, "park", {"reason": "fotokopi"})["turn"]
    assert (parked["state"], view(mall, ticket)["state"]) == ("parked", "parked")
    assert refused(mall, counter, "call-next") == (409, "nobody_waiting")
    shown = mall.get("officer_a", f"/api/v1/counters/{counter}").json()["parked"]
    assert [(row["label"], row["reason"]) for row in shown] == [(ticket["label"], "fotokopi")]

    assert done(mall, counter, "resume", {"turn": parked["id"]})["turn"]["state"] == "serving"
    assert refused(mall, counter, "resume", {"turn": parked["id"]}) == (409, "counter_busy")


def test_transfer_keeps_the_label_and_waits_at_the_other_agency(mall, counter):
    ticket = mall.take(AT_A)
    done(mall, counter, "call-next")

    gone = done(mall, counter, "transfer", {"queue": "BA", "position": "front"})["turn"]

    assert (gone["label"], gone["state"]) == (ticket["label"], "transferred")
    shown = view(mall, ticket)
    assert [(turn["queue"], turn["state"]) for turn in shown["turns"]] == [
        ("AA", "transferred"),
        ("BA", "waiting"),
    ]
    assert shown["turns"][1]["ahead"] == 0
    mall.post("nobody", f"/api/v1/tickets/{ticket['token']}/cancel", {})


def test_a_missed_visitor_returns(mall, counter):
    ticket = mall.take(AT_A)
    missed = done(mall, counter, "call-next")["turn"]
    done(mall, counter, "miss")

    assert done(mall, counter, "return", {"turn": missed["id"]})["turn"]["state"] == "waiting"

    assert done(mall, counter, "call-next")["turn"]["label"] == ticket["label"]


def test_a_finish_is_undone_once(mall, counter):
    mall.take(AT_A)
    for verb in ("call-next", "start", "finish"):
        done(mall, counter, verb)

    assert done(mall, counter, "undo")["turn"]["state"] == "serving"

    assert refused(mall, counter, "undo") == (409, "nothing_to_undo")


def test_somebody_without_a_number_is_served_and_never_shown(mall, counter):
    served = done(mall, counter, "serve", {"service": "A-01"})["turn"]

    assert served["label"].startswith("AA0-") and served["state"] == "serving"
    board = mall.get("display", "/api/v1/zones/merah/board").json()
    assert served["label"] not in str(board["calls"])


def test_a_pause_says_why_and_until_when(mall, counter):
    until = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()

    paused = done(mall, counter, "pause", {"reason": "istirahat", "until": until})["counter"]

    assert (paused["open"], paused["state"], paused["pause"]["reason"]) == (False, "paused", "istirahat")
    assert refused(mall, counter, "call-next") == (409, "counter_paused")
    assert done(mall, counter, "open")["counter"]["open"]


def test_calling_a_chosen_visitor_needs_the_right(mall, counter):
    mall.take(AT_A)
    chosen = mall.take(AT_A)
    turn = chosen["turns"][0]["id"]
    body = {"turn": turn, "reason": "darurat"}
    assert refused(mall, counter, "call", body) == (403, "not_allowed")

    mall.command("user", "grant", "officer_a", "call_chosen")
    try:
        # The porter knows a person for two seconds.
        wait_until(lambda: mall.verb(counter, "call", body).status_code == 200, what="the right to be known")
        entry = next(each for each in reversed(mall.events()) if each["event"] == "turn_called")
        assert (entry["label"], entry["reason"]) == (chosen["label"], "darurat")
    finally:
        mall.command("user", "revoke", "officer_a", "call_chosen")


def test_a_route_through_three_agencies_on_one_number(mall, counter):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": None, "language": "id"})
    assert [(turn["queue"], turn["state"]) for turn in ticket["turns"]] == [
        ("AA", "waiting"),
        ("BA", "planned"),
    ]
    done(mall, counter, "call-next")
    done(mall, counter, "start")

    done(mall, counter, "finish", {"outcome": "served", "services": ["A-01"], "next": ["C-01"]})

    states = [(turn["agency"], turn["state"]) for turn in view(mall, ticket)["turns"]]
    assert states == [("A", "done"), ("C", "waiting"), ("B", "planned")]
    mall.post("nobody", f"/api/v1/tickets/{ticket['token']}/cancel", {})


def test_the_loser_of_a_race_hears_the_state(mall, counter):
    mall.take(AT_A)
    turn = done(mall, counter, "call-next")["turn"]

    answer = mall.verb(counter, "return", {"turn": turn["id"]})

    assert (answer.status_code, code(answer)) == (409, "wrong_moment")
    assert answer.json()["state"] == "called" and "Loket" in answer.json()["detail"]


def test_the_log_of_all_this_is_sound(mall):
    mall.command("check")
