"""After an outage: what was called from paper is entered, all of it or none, and journeys go on."""

import pytest

from tests.api.mall import KTP, PASPOR, TICKETS, Mall, code

PAPER = "/api/v1/paper"


def line(label: str, counter: int | str, result: str = "served") -> dict:
    return {"label": label, "counter": counter, "result": result}


def enter(mall: Mall, *lines: dict, who: str = "greeter", **more):
    return mall.post(who, PAPER, {"entries": list(lines)}, **more)


def state(mall: Mall, ticket: dict) -> str:
    return mall.get("nobody", f"{TICKETS}/{ticket['token']}").json()["state"]


@pytest.fixture
def desks(mall):
    """A counter of Disdukcapil that serves the line of KTP, and one of Imigrasi; by id and by name."""
    counters = mall.get("greeter", "/api/v1/catalogue").json()["counters"]
    return {
        queue: next((place["id"], place["name"]) for place in counters if queue in place["queues"])
        for queue in ("AA", "BA")
    }


def test_who_was_served_and_who_did_not_come_is_recorded(mall, desks):
    served, missed, waiting = mall.take(KTP), mall.take(KTP), mall.take(KTP)
    counter, name = desks["AA"]

    answer = enter(mall, line(served["label"], counter), line(missed["label"].lower(), name, "missed"))

    assert (answer.status_code, answer.json()) == (200, {"recorded": 2})
    assert [state(mall, ticket) for ticket in (served, missed, waiting)] == ["done", "missed", "waiting"]
    entries = [event for event in mall.events() if event["event"] == "turn_recorded"]
    assert [(event["label"], event["to"], event["counter"]) for event in entries] == [
        (served["label"], "done", counter),
        (missed["label"], "missed", counter),
    ]
    assert {event["reason"] for event in entries} == {"paper"}


def test_who_was_missed_on_paper_may_come_back(mall, desks):
    ticket = mall.take(KTP)
    enter(mall, line(ticket["label"], desks["AA"][1], "missed"))

    back = mall.post("greeter", f"/api/v1/staff/tickets/{ticket['id']}/return")

    assert back.json()["state"] == "waiting"


def test_a_journey_goes_on_and_its_next_stop_may_stand_on_the_same_paper(mall, desks):
    route = {**KTP, "services": ["A-01", "B-01", "K-01"]}
    once, twice = mall.take(route), mall.take(route)

    answer = enter(
        mall,
        line(once["label"], desks["AA"][0]),
        line(twice["label"], desks["AA"][0]),
        line(twice["label"], desks["BA"][0]),
    )

    assert answer.status_code == 200
    stops = {
        ticket["id"]: [
            turn["state"] for turn in mall.get("nobody", f"{TICKETS}/{ticket['token']}").json()["turns"]
        ]
        for ticket in (once, twice)
    }
    assert stops[once["id"]] == ["done", "waiting", "planned"]
    assert stops[twice["id"]] == ["done", "done", "waiting"]


def test_one_wrong_line_keeps_all_from_being_recorded_and_each_is_told_what_is_wrong(mall, desks):
    right, gone, elsewhere = mall.take(KTP), mall.take(KTP), mall.take(PASPOR)
    mall.post("nobody", f"{TICKETS}/{gone['token']}/cancel")
    before = mall.events()[-1]["seq"]
    counter, name = desks["AA"]

    answer = enter(
        mall,
        line(right["label"], counter),
        line(gone["label"], counter),
        line("AA-998", counter),
        line("bukan nomor", counter),
        line(elsewhere["label"], counter),
        line(right["label"], counter),
        line(right["label"], "Loket 999"),
    )

    assert code(answer) == "paper_wrong"
    wrong = {each["line"]: each["detail"] for each in answer.json()["lines"]}
    assert sorted(wrong) == [2, 3, 4, 5, 6, 7]
    assert "batal" in wrong[2] and "tidak ada hari ini" in wrong[3] and "tidak ada hari ini" in wrong[4]
    assert name in wrong[5] and "BA" in wrong[5]
    assert "selesai" in wrong[6] and "Loket ini tidak ada" in wrong[7]
    assert answer.json()["lines"][1]["label"] == "AA-998"
    assert (state(mall, right), mall.events()[-1]["seq"]) == ("waiting", before)


def test_who_stands_at_a_counter_is_finished_there_and_not_on_paper(mall, desks):
    counter, name = desks["BA"]
    ticket = mall.take(PASPOR)
    mall.do(counter, "open", who="officer_b")
    while mall.do(counter, "call-next", who="officer_b")["turn"]["ticket"] != ticket["id"]:
        mall.do(counter, "start", "finish", who="officer_b")

    answer = enter(mall, line(ticket["label"], counter))
    mall.clear(counter, "officer_b")

    assert f"{ticket['label']} sedang dipanggil di {name}" in answer.json()["lines"][0]["detail"]


def test_an_agency_enters_its_own_paper_only(mall, desks):
    ktp, paspor = mall.take(KTP), mall.take(PASPOR)

    other = enter(mall, line(ktp["label"], desks["AA"][0]), who="officer_b")
    own = enter(mall, line(paspor["label"], desks["BA"][0]), who="officer_b")

    assert code(other) == "paper_wrong"
    assert own.status_code == 200
    assert (state(mall, ktp), state(mall, paspor)) == ("waiting", "done")


def test_a_list_that_is_sent_twice_counts_once(mall, desks):
    ticket, key = mall.take(KTP), mall.intent()

    first, second = (enter(mall, line(ticket["label"], desks["AA"][0]), intent=key) for _ in range(2))

    assert first.json() == second.json() == {"recorded": 1}


@pytest.mark.parametrize(
    "entries", [[], [{}], [line("AA-001", 1, "gone")], [line("", 1)], [line("AA-001", 0)], "AA-001"]
)
def test_what_is_no_list_is_refused(mall, entries):
    answer = mall.post("greeter", PAPER, {"entries": entries})

    assert code(answer) == "invalid"


def test_all_that_leaves_a_sound_log(mall):
    mall.command("check")
