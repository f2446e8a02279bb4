"""The visitor's own view of a ticket over the API: what it says, going out for a while, being back."""

import pytest

from tests.api.mall import TICKETS, code


@pytest.fixture
def counter(mall):
    """A counter for KTP, open and with an empty line."""
    number = mall.model.counters["A"][0]
    mall.clear(number)
    mall.do(number, "open")
    while mall.verb(number, "call-next").status_code == 200:
        mall.do(number, "start", "finish")
    yield number
    mall.clear(number)


@pytest.fixture
def ask(mall):
    """The bearer of a token, who has no other key."""

    def post(ticket, deed, intent=None):
        return mall.post("nobody", f"{TICKETS}/{ticket['token']}/{deed}", intent=intent)

    return post


def view(mall, ticket):
    return mall.get("nobody", f"{TICKETS}/{ticket['token']}").json()


def test_a_visitor_goes_out_and_comes_back_with_the_token_alone(mall, counter, ask):
    ticket = mall.take()
    assert view(mall, ticket)["may"] == ["cancel", "step_out"]

    out = ask(ticket, "step-out")

    assert out.status_code == 200, out.text
    assert out.json()["turns"][0]["out_until"] is not None
    assert out.json()["may"] == ["cancel", "come_back"]
    assert code(mall.verb(counter, "call-next")) == "nobody_waiting"
    back = ask(ticket, "come-back").json()
    assert back["turns"][0]["out_until"] is None
    assert back["may"] == ["cancel"]
    assert mall.do(counter, "call-next")["turn"]["label"] == ticket["label"]


def test_going_out_twice_is_refused_by_name(mall, counter, ask):
    ticket = mall.take()
    ask(ticket, "step-out")

    assert code(ask(ticket, "step-out")) == "already_out"

    ask(ticket, "come-back")
    assert code(ask(ticket, "step-out")) == "out_once"


def test_a_repeated_intent_goes_out_once(mall, ask):
    ticket = mall.take()

    first, again = ask(ticket, "step-out", "tap"), ask(ticket, "step-out", "tap")

    assert first.status_code == again.status_code == 200
    outs = [one for one in mall.events() if one["event"] == "turn_stepped_out"]
    assert [one["ticket"] for one in outs].count(ticket["id"]) == 1
    assert code(ask(ticket, "come-back", "tap")) == "intent_reused"


def test_who_is_called_stays(mall, counter, ask):
    ticket = mall.take()
    mall.do(counter, "call-next")

    refused = ask(ticket, "step-out")

    assert code(refused) == "wrong_moment"
    assert refused.json()["state"] == "called"
    assert view(mall, ticket)["may"] == ["cancel"]


def test_a_stranger_and_a_missing_intent_are_refused(mall, ask):
    ticket = mall.take()

    assert code(mall.post("nobody", f"{TICKETS}/{'A' * 22}/step-out")) == "unknown_ticket"
    assert code(mall.as_("nobody").post(f"{TICKETS}/{ticket['token']}/step-out", json={})) == "key_missing"


def test_a_missed_visitor_reads_until_when_and_where_to_come_back(mall, counter):
    ticket = mall.take()
    name = mall.do(counter, "call-next")["counter"]["name"]

    mall.do(counter, "miss")

    (turn,) = view(mall, ticket)["turns"]
    assert (turn["state"], turn["missed_at"], turn["counter"]) == ("missed", name, None)
    assert turn["return_until"] is not None
    assert view(mall, ticket)["may"] == []


def test_a_route_names_every_stop_and_which_one_counts_now(mall, counter):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": None, "language": "id"})
    mall.do(counter, "call-next", "start", "finish")

    seen = view(mall, ticket)

    first, second = seen["turns"]
    assert (first["state"], second["state"]) == ("done", "waiting")
    assert seen["present"] == second["id"]
    assert (second["agency_name"], second["service_name"]) != (first["agency_name"], first["service_name"])
    assert (first["why"], bool(second["why"])) == (None, True)


def test_a_disturbance_is_told_until_the_agency_is_behind(mall, counter):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": None, "language": "en"})
    for agency in ("A", "B"):
        mall.post("supervisor", f"/api/v1/agencies/{agency}/disturbance", {"reason": "jaringan"})

    both = view(mall, ticket)["disturbances"]
    mall.do(counter, "call-next", "start", "finish")
    one = view(mall, ticket)["disturbances"]
    for agency in ("A", "B"):
        mall.post("supervisor", f"/api/v1/agencies/{agency}/disturbance/lift")

    assert len(both) == 2 and both[0].startswith("The network of ")
    assert one == both[1:]
    assert view(mall, ticket)["disturbances"] == []


def test_an_emergency_is_told_where_the_visitor_is_and_nowhere_else(mall, counter):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": None, "language": "en"})
    here, there = (turn["zone"] for turn in view(mall, ticket)["turns"])
    assert here != there
    zones = mall.get("kiosk", "/api/v1/catalogue").json()["zones"]
    name = next(zone["name"] for zone in zones if zone["code"] == here)

    mall.post("supervisor", f"/api/v1/zones/{there}/emergency", {"reason": "medis"})
    elsewhere = view(mall, ticket)["emergency"]
    mall.post("supervisor", f"/api/v1/zones/{here}/emergency", {"reason": "medis"})
    told = view(mall, ticket)
    for zone in (here, there):
        mall.post("supervisor", f"/api/v1/zones/{zone}/emergency/lift")

    assert (elsewhere, told["emergency"]) == (None, f"Emergency in {name}, call 119")
    assert told["disturbances"] == []
    assert view(mall, ticket)["emergency"] is None
