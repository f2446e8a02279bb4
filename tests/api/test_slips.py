"""Paper on request: the first one of a greeter's number, copies of others, and the kiosk that prints them."""

import pytest

from tests.api.mall import KTP, TICKETS, Mall, code

SLIPS = "/api/v1/slips"


@pytest.fixture
def kiosks(mall):
    """The ids of the two kiosks, with nothing left to print."""
    for who in ("kiosk", "kiosk_2"):
        while asked := wanted(mall, who):
            report(mall, asked[0]["id"], "failed", who)
    return {who: device(mall, who) for who in ("kiosk", "kiosk_2")}


def device(mall: Mall, who: str) -> int:
    """A kiosk's own number, as the log names it."""
    ticket = mall.take(KTP, who)
    taken = next(e for e in mall.events() if e["event"] == "ticket_taken" and e["ticket"] == ticket["id"])
    return int(taken["actor"].removeprefix("device:"))


def ask(mall: Mall, ticket: dict, kiosk: int | str, copy: bool = False, who: str = "greeter", **more):
    return mall.post(who, SLIPS, {"ticket": ticket["id"], "kiosk": kiosk, "copy": copy}, **more)


def wanted(mall: Mall, who: str = "kiosk") -> list[dict]:
    answer = mall.get(who, f"{SLIPS}?state=wanted")
    assert answer.status_code == 200, answer.text
    return answer.json()["slips"]


def report(mall: Mall, slip: int, result: str, who: str = "kiosk") -> None:
    assert mall.post(who, f"{SLIPS}/{slip}", {"result": result}).status_code == 200


def papers(mall: Mall, ticket: dict) -> list[tuple[str, str, bool]]:
    found = mall.as_("greeter").get(TICKETS, params={"q": ticket["token"]}).json()["tickets"][0]["slips"]
    return [(paper["kiosk"], paper["state"], paper["copy"]) for paper in found]


def test_a_greeters_number_is_printed_whole_at_the_kiosk_that_was_chosen(mall, kiosks):
    ticket = mall.take({"services": ["A-01", "B-01"], "priority": None, "language": "en"}, "greeter")

    asked = ask(mall, ticket, kiosks["kiosk"])

    assert (asked.status_code, asked.json()) == (200, {"id": ticket["slip"]["id"], "state": "wanted"})
    assert wanted(mall, "kiosk_2") == []
    (slip,) = wanted(mall)
    assert (slip["id"], slip["copy"]) == (ticket["slip"]["id"], False)
    for part in ("id", "label", "token", "url", "day", "issued_at", "language", "slip"):
        assert slip["ticket"][part] == ticket[part]
    assert [turn["service"] for turn in slip["ticket"]["turns"]] == ["A-01", "B-01"]


def test_a_paper_that_is_reported_is_asked_for_no_more(mall, kiosks):
    ticket = mall.take(KTP, "greeter")
    ask(mall, ticket, "kiosk")

    report(mall, wanted(mall)[0]["id"], "printed")

    assert wanted(mall) == []
    assert papers(mall, ticket) == [("kiosk", "printed", False)]


@pytest.mark.parametrize("result, is_copy", [("printed", True), ("unknown", True), ("failed", False)])
def test_whatever_may_have_been_printed_before_is_a_copy(mall, kiosks, result, is_copy):
    ticket = mall.take(KTP, "greeter")
    ask(mall, ticket, "kiosk")
    report(mall, wanted(mall)[0]["id"], result)

    ask(mall, ticket, "kiosk_2")

    (slip,) = wanted(mall, "kiosk_2")
    assert slip["copy"] is is_copy
    assert slip["id"] != ticket["slip"]["id"] and slip["ticket"]["slip"]["id"] == slip["id"]


def test_a_second_press_while_the_first_paper_is_on_its_way_makes_a_copy(mall, kiosks):
    ticket = mall.take(KTP, "greeter")

    ask(mall, ticket, "kiosk"), ask(mall, ticket, "kiosk")

    assert [slip["copy"] for slip in wanted(mall)] == [False, True]


def test_a_paper_of_a_number_from_a_kiosk_is_a_copy_unless_that_kiosk_could_not_print(mall, kiosks):
    printing, failed = mall.take(KTP), mall.take(KTP)
    report(mall, failed["slip"]["id"], "failed")

    ask(mall, printing, "kiosk_2"), ask(mall, failed, "kiosk_2")

    assert [slip["copy"] for slip in wanted(mall, "kiosk_2")] == [True, False]


def test_a_copy_that_is_asked_for_is_a_copy(mall, kiosks):
    failed = mall.take(KTP)
    report(mall, failed["slip"]["id"], "failed")

    ask(mall, failed, "kiosk", copy=True)

    assert [slip["copy"] for slip in wanted(mall)] == [True]


def test_a_kiosk_never_fetches_the_paper_of_its_own_visitor_twice(mall, kiosks):
    mall.take(KTP)

    assert wanted(mall) == []


def test_a_kiosk_is_given_at_most_twenty_papers_the_oldest_first(mall, kiosks):
    tickets = [mall.take(KTP, "greeter") for _ in range(22)]
    for ticket in tickets:
        ask(mall, ticket, "kiosk")

    asked = wanted(mall)

    assert [slip["ticket"]["label"] for slip in asked] == [ticket["label"] for ticket in tickets[:20]]


def test_a_press_that_is_sent_twice_asks_for_one_paper(mall, kiosks):
    ticket, key = mall.take(KTP, "greeter"), mall.intent()

    first, second = (ask(mall, ticket, "kiosk", intent=key) for _ in range(2))

    assert first.json() == second.json()
    assert len(wanted(mall)) == 1


def test_the_log_knows_of_every_paper_that_was_asked_for(mall, kiosks):
    ticket = mall.take(KTP, "greeter")

    ask(mall, ticket, "kiosk_2")

    entry = mall.events()[-1]
    assert (entry["event"], entry["ticket"], entry["to"]) == ("slip_wanted", ticket["id"], "wanted")
    assert entry["facts"] == {"slip": ticket["slip"]["id"], "device": kiosks["kiosk_2"], "copy": False}


def test_a_kiosk_that_is_none_and_a_number_that_is_not_ours_get_no_paper(mall, kiosks):
    ticket = mall.take(KTP, "greeter")

    display, absent = ask(mall, ticket, "display"), ask(mall, ticket, 424_242)
    other = ask(mall, ticket, "kiosk", who="officer_b")
    own = ask(mall, ticket, "kiosk", who="officer_a")

    assert [code(answer) for answer in (display, absent, other)] == [
        "not_found",
        "not_found",
        "unknown_ticket",
    ]
    assert own.status_code == 200


def test_a_number_that_was_given_up_gets_no_paper(mall, kiosks):
    ticket = mall.take(KTP, "greeter")
    mall.post("nobody", f"{TICKETS}/{ticket['token']}/cancel")

    assert code(ask(mall, ticket, "kiosk")) == "wrong_moment"


def test_only_wanted_papers_can_be_listed(mall):
    assert code(mall.get("kiosk", f"{SLIPS}?state=printed")) == "invalid"


def test_all_that_leaves_a_sound_log(mall):
    mall.command("check")
