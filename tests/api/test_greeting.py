"""Staff at the door help a visitor who comes with a number: they find it, and set right what is wrong."""

import pytest

from tests.api.mall import KTP, PASPOR, TICKETS, Mall, code

STAFF = "/api/v1/staff/tickets"


def deed(mall: Mall, ticket: int, name: str, body: object = None, who: str = "greeter", **more):
    return mall.post(who, f"{STAFF}/{ticket}/{name}", body, **more)


def look(mall: Mall, sought: str, who: str = "greeter") -> list[dict]:
    answer = mall.as_(who).get(TICKETS, params={"q": sought})
    assert answer.status_code == 200, answer.text
    return answer.json()["tickets"]


def now(mall: Mall, ticket: dict, who: str = "greeter") -> dict:
    return next(one for one in look(mall, ticket["label"], who) if one["id"] == ticket["id"])


def events_of(mall: Mall, ticket: dict) -> list[dict]:
    return [event for event in mall.events() if event["ticket"] == ticket["id"]]


def serve(mall: Mall, ticket: dict, agency: str, who: str) -> None:
    """Call until this ticket is at a counter of the agency, and finish it there."""
    at_desk(mall, ticket, agency, who)
    counter = mall.model.counters[agency][0]
    mall.do(counter, "start", "finish", "close", who=who)


def at_desk(mall: Mall, ticket: dict, agency: str, who: str) -> int:
    """Call until this ticket is at the first counter of the agency; whoever stood before it is served."""
    counter = mall.model.counters[agency][0]
    mall.do(counter, "open", who=who)
    while mall.do(counter, "call-next", who=who)["turn"]["ticket"] != ticket["id"]:
        mall.do(counter, "start", "finish", who=who)
    return counter


# Finding


@pytest.mark.parametrize("spelling", ["{}", " {} ", "lower", "space", "bare", "short"])
def test_a_label_is_found_however_it_is_written(mall, spelling):
    ticket = mall.take(KTP)
    letters, number = ticket["label"].split("-")
    written = {
        "lower": ticket["label"].lower(),
        "space": f"{letters} {number}",
        "bare": f"{letters}{number}",
        "short": f"{letters}-{int(number)}",
    }.get(spelling, spelling.format(ticket["label"]))

    found = look(mall, written)

    assert [one["label"] for one in found] == [ticket["label"]]
    assert found[0]["state"] == "waiting"
    assert found[0]["turns"][0]["service"] == "A-01"
    assert found[0]["turns"][0]["ahead"] >= 0


def test_the_code_of_a_slip_finds_its_ticket_and_never_comes_back_out(mall):
    ticket = mall.take(KTP)

    by_token, by_address = look(mall, ticket["token"]), look(mall, f"{ticket['url']}?bahasa=en")

    assert [one["id"] for one in by_token] == [one["id"] for one in by_address] == [ticket["id"]]
    assert ticket["token"] not in mall.as_("greeter").get(TICKETS, params={"q": ticket["label"]}).text


@pytest.mark.parametrize("strange", ["", "AA-999", "halo", "x" * 22, "https://contoh.id/t/", "AA-\x00", "٣٣"])
def test_what_means_no_ticket_finds_none(mall, strange):
    assert look(mall, strange) == []


def test_an_agency_finds_only_tickets_that_come_to_it(mall):
    ktp, paspor = mall.take(KTP), mall.take(PASPOR)
    route = mall.take({**KTP, "services": ["A-01", "B-01"]})

    assert look(mall, ktp["label"], "officer_b") == []
    assert [one["id"] for one in look(mall, paspor["label"], "officer_b")] == [paspor["id"]]
    seen = look(mall, route["label"], "officer_b")[0]
    assert [turn["agency"] for turn in seen["turns"]] == ["A", "B"]
    assert "ahead" not in seen["turns"][0] and "ahead" in seen["turns"][1]


@pytest.mark.parametrize(
    "name, body",
    [
        ("needs", {"needs": []}),
        ("priority", {"priority": None, "reason": "salah_pilih"}),
        ("return", {}),
        ("step-out", {}),
        ("come-back", {}),
        ("stops", {"services": ["A-03"]}),
        ("correct", {"service": "A-03"}),
        ("cancel", {}),
    ],
)
def test_nobody_touches_a_ticket_of_another_agency_or_of_none(mall, name, body):
    ticket = mall.take(KTP)
    before = mall.events()[-1]["seq"]

    other = deed(mall, ticket["id"], name, body, who="officer_b")
    absent = deed(mall, 424_242, name, body)
    unthinkable = deed(mall, 2**70, name, body)

    assert {answer.status_code for answer in (other, absent, unthinkable)} == {404}
    assert code(other) == "unknown_ticket"
    assert mall.events()[-1]["seq"] == before


# Needs


def test_needs_stand_on_the_ticket_and_at_the_desk_and_not_in_the_log(mall):
    ticket = mall.take(KTP)

    marked = deed(mall, ticket["id"], "needs", {"needs": ["kursi_roda", "panggil_ke_kursi", "kursi_roda"]})

    counter = at_desk(mall, ticket, "A", "officer_a")
    desk = mall.get("officer_a", f"/api/v1/counters/{counter}").json()
    mall.clear(counter)
    assert marked.json()["needs"] == desk["turn"]["needs"] == ["kursi_roda", "panggil_ke_kursi"]
    entry = next(event for event in events_of(mall, ticket) if event["event"] == "needs_marked")
    assert entry["facts"] == {} and entry["reason"] is None
    assert "kursi" not in str(mall.events())


def test_needs_that_nobody_knows_are_refused(mall):
    ticket = mall.take(KTP)

    answer = deed(mall, ticket["id"], "needs", {"needs": ["naga"]})

    assert (answer.status_code, now(mall, ticket)["needs"]) == (422, [])


# Priority


def test_priority_is_given_with_a_reason_and_moves_the_visitor_forward(mall):
    mall.take(KTP)
    ticket = mall.take(KTP)
    behind = now(mall, ticket)["turns"][0]["ahead"]

    body = {"priority": "HAMIL", "reason": "terverifikasi"}
    given = deed(mall, ticket["id"], "priority", body).json()

    assert behind >= 1
    assert (given["priority"], given["turns"][0]["ahead"]) == ("HAMIL", 0)
    entry = events_of(mall, ticket)[-1]
    assert (entry["event"], entry["reason"]) == ("turn_priority_set", "terverifikasi")
    assert entry["facts"]["priority"] is True
    assert "HAMIL" not in str(mall.events())
    deed(mall, ticket["id"], "cancel")


def test_priority_that_was_a_mistake_is_taken_back_on_every_stop(mall):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": "LANSIA", "language": "id"})

    taken = deed(mall, ticket["id"], "priority", {"priority": None, "reason": "tidak_memenuhi"}).json()

    assert taken["priority"] is None
    entries = [event for event in events_of(mall, ticket) if event["event"] == "turn_priority_set"]
    assert [entry["queue"] for entry in entries] == ["AA", "BA"]
    assert not any(entry["facts"]["priority"] for entry in entries)


@pytest.mark.parametrize(
    "body, refusal",
    [
        ({"priority": "LANSIA"}, "invalid"),
        ({"priority": "LANSIA", "reason": None}, "invalid"),
        ({"priority": "LANSIA", "reason": "kata kata"}, "invalid"),
        ({"priority": "NAGA", "reason": "terverifikasi"}, "not_found"),
        ({"priority": None, "reason": "terverifikasi"}, "already_there"),
    ],
)
def test_priority_is_not_set_without_a_reason_a_class_or_a_change(mall, body, refusal):
    ticket = mall.take(KTP)

    answer = deed(mall, ticket["id"], "priority", body)

    assert code(answer) == refusal
    assert now(mall, ticket)["priority"] is None


# Coming back, and going out for a while


def test_who_was_missed_comes_back_to_the_greeter_and_waits_again(mall):
    ticket = mall.take(PASPOR)
    counter = at_desk(mall, ticket, "B", "officer_b")
    mall.do(counter, "miss", "close", who="officer_b")
    missed = now(mall, ticket)

    back = deed(mall, ticket["id"], "return")

    assert missed["state"] == "missed" and "return" in missed["may"]
    assert missed["turns"][0]["return_until"] > missed["turns"][0]["since"]
    assert back.json()["state"] == "waiting"
    assert events_of(mall, ticket)[-1]["event"] == "turn_returned"
    deed(mall, ticket["id"], "cancel")


def test_who_was_not_missed_has_nothing_to_come_back_from(mall):
    ticket = mall.take(PASPOR)

    waiting = deed(mall, ticket["id"], "return")
    counter = at_desk(mall, ticket, "B", "officer_b")
    called = deed(mall, ticket["id"], "return")
    mall.clear(counter, "officer_b")

    assert (code(waiting), waiting.json()["state"]) == ("wrong_moment", "waiting")
    assert (code(called), called.json()["counter"]) == ("wrong_moment", counter)
    assert "Loket" in called.json()["detail"]


def test_a_visitor_goes_out_for_a_while_and_comes_back(mall):
    ticket = mall.take(KTP)

    out = deed(mall, ticket["id"], "step-out").json()
    twice = deed(mall, ticket["id"], "step-out")
    back = deed(mall, ticket["id"], "come-back").json()

    assert out["turns"][0]["out_until"] and "come_back" in out["may"] and "step_out" not in out["may"]
    assert code(twice) == "already_out"
    assert back["turns"][0]["out_until"] is None
    assert [event["event"] for event in events_of(mall, ticket)][-2:] == [
        "turn_stepped_out",
        "turn_came_back",
    ]


# More stops


def test_a_stop_that_is_added_waits_for_the_one_before(mall):
    ticket = mall.take(KTP)

    longer = deed(mall, ticket["id"], "stops", {"services": ["B-01", "K-01"]}).json()

    assert [(turn["service"], turn["state"]) for turn in longer["turns"]] == [
        ("A-01", "waiting"),
        ("B-01", "planned"),
        ("K-01", "planned"),
    ]
    assert {turn["agency"] for turn in longer["turns"]} == {"A", "B", "K"}
    assert longer["label"] == ticket["label"]


def test_a_stop_for_somebody_who_is_done_begins_at_once(mall):
    ticket = mall.take(PASPOR)
    serve(mall, ticket, "B", "officer_b")

    more = deed(mall, ticket["id"], "stops", {"services": ["A-01", "K-01"]}).json()

    assert [turn["state"] for turn in more["turns"]] == ["done", "waiting", "planned"]
    joined = events_of(mall, ticket)[-1]
    assert (joined["event"], joined["facts"]["service"]) == ("turn_joined", "A-01")
    assert joined["facts"]["between"] > 0
    assert "officer_a" and look(mall, ticket["label"], "officer_a")[0]["id"] == ticket["id"]


@pytest.mark.parametrize(
    "services, refusal",
    [
        ([], "invalid"),
        (["Z-99"], "unknown_service"),
        (["B-01", "B-01"], "invalid"),
        (["A-01"], "invalid"),
        (["B-01"] * 6, "invalid"),
    ],
)
def test_a_stop_that_makes_no_sense_is_refused_and_nothing_is_planned(mall, services, refusal):
    ticket = mall.take(KTP)

    answer = deed(mall, ticket["id"], "stops", {"services": services})

    assert code(answer) == refusal
    assert len(now(mall, ticket)["turns"]) == 1


def test_a_number_that_was_given_up_takes_no_further_stop(mall):
    ticket = mall.take(KTP)
    gone = deed(mall, ticket["id"], "cancel").json()

    answer = deed(mall, ticket["id"], "stops", {"services": ["B-01"]})

    assert (gone["state"], gone["may"]) == ("cancelled", [])
    assert code(answer) == "wrong_moment"
    assert code(deed(mall, ticket["id"], "cancel")) == "wrong_moment"


# The wrong service


def test_a_wrong_service_of_the_same_line_is_corrected_in_place(mall):
    ticket, later = mall.take(KTP), mall.take(KTP)
    before = now(mall, ticket)["turns"][0]

    after = deed(mall, ticket["id"], "correct", {"service": "A-02"}).json()["turns"][0]

    assert (after["id"], after["ahead"]) == (before["id"], before["ahead"])
    assert (after["service"], after["queue"]) == ("A-02", before["queue"])
    assert now(mall, later)["turns"][0]["ahead"] == before["ahead"] + 1
    assert code(deed(mall, ticket["id"], "correct", {"service": "A-02"})) == "already_there"


def test_a_service_of_another_line_takes_the_visitor_there_by_the_first_arrival(mall):
    ticket = mall.take(KTP)
    waited_longer = mall.take(PASPOR)

    moved = deed(mall, ticket["id"], "correct", {"service": "B-01"}).json()

    assert [(turn["queue"], turn["state"]) for turn in moved["turns"]] == [
        ("AA", "transferred"),
        ("BA", "waiting"),
    ]
    assert moved["label"] == ticket["label"]
    assert now(mall, waited_longer)["turns"][0]["ahead"] == moved["turns"][1]["ahead"] + 1
    assert look(mall, ticket["label"], "officer_b")[0]["id"] == ticket["id"]


def test_only_who_waits_can_be_corrected(mall):
    ticket = mall.take(PASPOR)
    counter = at_desk(mall, ticket, "B", "officer_b")

    answer = deed(mall, ticket["id"], "correct", {"service": "A-01"})
    mall.clear(counter, "officer_b")

    assert (code(answer), answer.json()["state"]) == ("wrong_moment", "called")
    assert code(deed(mall, ticket["id"], "correct", {"service": "Z-99"})) == "unknown_service"


# Twice the same


@pytest.mark.parametrize(
    "name, body",
    [
        ("needs", {"needs": ["kursi_roda"]}),
        ("priority", {"priority": "LANSIA", "reason": "terverifikasi"}),
        ("step-out", {}),
        ("stops", {"services": ["B-01"]}),
        ("correct", {"service": "A-02"}),
        ("cancel", {}),
    ],
)
def test_a_press_that_is_sent_twice_counts_once(mall, name, body):
    ticket, key = mall.take(KTP), mall.intent()

    first = deed(mall, ticket["id"], name, body, intent=key)
    seq = mall.events()[-1]["seq"]
    second = deed(mall, ticket["id"], name, body, intent=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["state"] == second.json()["state"]
    assert mall.events()[-1]["seq"] == seq


def test_all_that_leaves_a_sound_log(mall):
    mall.command("check")
