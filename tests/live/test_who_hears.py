"""Who hears what: a call that is spoken again, notices, pauses; and never a word that is meant for others."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mpp.domain.people import Right
from tests.api.mall import PASPOR
from tests.live.listener import Listener
from tests.servers import wait_until

CALLS = ("turn_called", "turn_recalled", "turn_resumed")
NEWS = ("snapshot", "heartbeat")


@pytest.fixture
def listen(mall):
    """`listen("display", zone="merah")`: a socket with somebody's key, let in."""
    made = []

    def enter(who, **auth):
        made.append(Listener(mall.base, {"key": mall.keys[who]} | auth, knows=mall.events()[-1]["seq"]))
        return made[-1].enter()

    yield enter
    for one in made:
        one.close()


@pytest.fixture
def counters(mall):
    """Two counters of agency A that serve AA, open and without a visitor; their line is empty."""
    found = mall.get("kiosk", "/api/v1/catalogue").json()["counters"]
    both = [each["id"] for each in found if "AA" in each["queues"]][:2]
    for one in both:
        while mall.verb(one, "open").status_code == 200 and mall.verb(one, "call-next").status_code == 200:
            mall.do(one, "start", "finish")
    yield both
    for one in both:
        mall.clear(one)


def board(mall):
    return mall.get("display", "/api/v1/zones/merah/board").json()


def labels(mall):
    return [call["label"] for call in board(mall)["calls"]]


def do(mall, counter, verb, body=None, who="officer_a"):
    answer = mall.verb(counter, verb, body, who)
    assert answer.status_code == 200, f"{verb}: {answer.text}"
    return answer.json()


def soon(minutes=2):
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")


# Calls


@pytest.mark.parametrize("verb, body", [("park", {"reason": "dokumen"}), ("miss", {}), ("put-back", {})])
def test_a_visitor_who_is_not_called_any_more_leaves_the_board(mall, listen, counters, verb, body):
    ticket = mall.take()
    do(mall, counters[0], "call-next")
    shown = labels(mall)

    do(mall, counters[0], verb, body)

    assert (ticket["label"] in shown, ticket["label"] in labels(mall)) == (True, False)
    if verb == "put-back":
        do(mall, counters[0], "call-next")


def test_a_transferred_visitor_leaves_the_board(mall, counters):
    ticket = mall.take()
    do(mall, counters[0], "call-next")

    do(mall, counters[0], "transfer", {"queue": "AB", "reason": "salah_loket"})

    assert ticket["label"] not in labels(mall)
    assert mall.post("nobody", f"/api/v1/tickets/{ticket['token']}/cancel").status_code == 200


def test_a_parked_visitor_who_is_called_again_is_a_new_call(mall, listen, counters):
    first, second = counters
    ticket = mall.take()
    called = do(mall, first, "call-next")
    do(mall, first, "park", {"reason": "fotokopi"})
    screen = listen("display")

    do(mall, second, "resume", {"turn": called["turn"]["id"], "call": True})

    heard = screen.wait("turn_resumed")
    shown = next(call for call in board(mall)["calls"] if call["label"] == ticket["label"])
    assert {name: heard[name] for name in shown} == shown
    assert (heard["nth"], heard["counter_id"], heard["state"]) == (1, second, "called")
    assert heard["call"] == heard["seq"] and heard["clips"]


def test_a_parked_visitor_who_is_at_the_counter_is_shown_and_not_spoken(mall, listen, counters):
    first, second = counters
    ticket = mall.take()
    called = do(mall, first, "call-next")
    do(mall, first, "start"), do(mall, first, "park", {"reason": "pembayaran"})
    screen = listen("display")

    do(mall, second, "resume", {"turn": called["turn"]["id"]})

    heard = screen.wait("turn_resumed")
    assert "clips" not in heard and heard["state"] == "serving"
    shown = next(call for call in board(mall)["calls"] if call["label"] == ticket["label"])
    assert (shown["state"], shown["counter_id"]) == ("serving", second)


def test_an_undone_miss_brings_the_same_call_back(mall, listen, counters):
    ticket = mall.take()
    do(mall, counters[0], "call-next")
    before = board(mall)["calls"]
    do(mall, counters[0], "miss")
    screen = listen("display")

    do(mall, counters[0], "undo")

    heard = screen.wait("turn_undone", where=lambda fact: fact["label"] == ticket["label"])
    assert "clips" not in heard
    assert board(mall)["calls"] == before


def test_whoever_is_served_without_a_number_is_not_called_in_the_hall(mall, listen, counters):
    screen = listen("display")
    seq = screen.wait("snapshot")["seq"]

    label = do(mall, counters[0], "serve", {"service": "A-01"})["turn"]["label"]
    shown = board(mall)
    do(mall, counters[0], "finish")

    screen.wait("turn_finished", where=lambda fact: fact["label"] == label)
    facts = [fact for name, fact in screen.heard if name not in NEWS and fact["seq"] > seq]
    assert [fact["prev"] for fact in facts] == [seq, *(fact["seq"] for fact in facts[:-1])]
    assert label not in [fact["label"] for fact in screen.facts(*CALLS, "turn_served")]
    assert label not in [call["label"] for call in shown["calls"]]
    assert label not in [counter["label"] for counter in shown["counters"]]


# Notices and pauses


def test_a_pause_is_heard_as_the_board_shows_it_and_ends_when_the_counter_opens(mall, listen, counters):
    screen, until = listen("display"), soon()

    do(mall, counters[0], "pause", {"reason": "istirahat", "until": until})
    heard = screen.wait("counter_paused")
    shown = next(row for row in board(mall)["counters"] if row["id"] == counters[0])
    notices = board(mall)["notices"]
    do(mall, counters[0], "open")

    at = datetime.fromisoformat(shown["pause"]["until"])
    assert heard["pause"] == shown["pause"]
    assert (shown["open"], shown["pause"]["text"]) == (
        False,
        f"{shown['name']} istirahat sampai {at:%H.%M} WIB",
    )
    assert [(each["kind"], each["counter"], each["text"]) for each in notices] == [
        ("pause", shown["name"], shown["pause"]["text"])
    ]
    assert screen.wait("counter_opened", where=lambda fact: fact["seq"] > heard["seq"])["state"] == "open"
    assert board(mall)["notices"] == []


def test_a_notice_is_heard_as_the_board_shows_it(mall, listen):
    screen = listen("display")
    mall.post("officer_a", "/api/v1/agencies/A/disturbance", {"reason": "sistem", "until": soon()})
    mall.post("greeter", "/api/v1/zones/merah/emergency", {"reason": "medis"})
    disturbance, emergency = screen.wait("disturbance_raised"), screen.wait("emergency_raised")
    shown = board(mall)["notices"]

    mall.post("officer_a", "/api/v1/agencies/A/disturbance/lift")
    mall.post("greeter", "/api/v1/zones/merah/emergency/lift")

    assert [{**fact["notice"], "zone": "merah"} for fact in (emergency, disturbance)] == shown
    assert screen.wait("disturbance_lifted")["notice"] == {
        "kind": "disturbance", "agency": "Disdukcapil", "counter": None,
    }  # fmt: skip
    assert screen.wait("emergency_lifted")["notice"]["kind"] == "emergency"
    assert board(mall)["notices"] == []


def test_an_emergency_is_heard_by_everybody_who_works_in_the_mall(mall, listen):
    staff = [listen(who) for who in ("officer_a", "officer_b", "supervisor_a", "supervisor", "greeter")]
    other = listen("display_biru")

    mall.post("officer_b", "/api/v1/zones/merah/emergency", {"reason": "medis"})
    mall.post("officer_b", "/api/v1/zones/merah/emergency/lift")

    for each in staff:
        each.wait("emergency_raised"), each.wait("emergency_lifted")
    other.wait("heartbeat")
    assert other.facts("emergency_raised", "emergency_lifted") == []


# What nobody else hears


def test_an_agency_s_socket_hears_its_own_and_emergencies_alone(mall, listen, counters):
    """Every verb at both agencies; what reached each is compared with the log."""
    alone = {"A": listen("officer_a"), "B": listen("officer_b")}
    began = mall.events()[-1]["seq"]

    a_whole_day(mall, counters, mall.model.counters["B"][0])

    entries = {event["seq"]: event for event in mall.events() if event["seq"] > began}
    last = max(entries)
    for agency, socket in alone.items():
        own = [seq for seq, event in entries.items() if event["agency"] == agency]
        general = [seq for seq, event in entries.items() if event["event"].startswith("emergency_")]
        socket.wait("heartbeat", where=lambda fact: fact["seq"] >= last)
        heard = [fact["seq"] for name, fact in socket.heard if name not in NEWS]
        assert heard == sorted([*own, *general])
        foreign = [event for event in entries.values() if event["agency"] not in (agency, None)]
        assert foreign


def test_no_screen_is_told_who_somebody_is_or_why(mall, listen, counters):
    """Names, priority, needs, notes and reasons of single deeds stay with those who need them."""
    screen, staff = listen("display"), listen("supervisor")
    began = mall.events()[-1]["seq"]

    secrets = a_whole_day(mall, counters, mall.model.counters["B"][0])

    last = mall.events()[-1]["seq"]
    staff.wait("heartbeat", where=lambda fact: fact["seq"] >= last)
    screen.wait("heartbeat", where=lambda fact: fact["seq"] >= board(mall)["seq"])
    facts = [(name, fact) for name, fact in screen.heard if name != "heartbeat"]
    hall, container = json.dumps(facts), json.dumps(staff.heard)
    logged = json.dumps([event for event in mall.events() if event["seq"] > began])
    about_one = {"turn_priority_set", "needs_marked", "turn_stepped_out", "turn_came_back"}
    assert about_one <= set(staff.names) and not about_one & set(screen.names)
    for word in secrets["personal"]:
        assert word not in hall and word not in container and word not in logged, word
    for word in ("priority", "needs", "note", *secrets["reasons"], "actor", "person:", "turn_served"):
        assert f'"{word}' not in hall.replace('"notice', ""), word
    assert '"priority"' not in container and '"needs"' not in container


def a_whole_day(mall, counters, elsewhere):
    """Something of everything happens, at two agencies; returns the words that must stay inside."""
    first, second = counters
    mall.command("user", "grant", "officer_a", Right.CALL_CHOSEN)
    taken = [mall.take({"services": ["A-01"], "priority": "LANSIA", "language": "id"}) for _ in range(3)]
    put_right = {"priority": None, "reason": "salah_pilih"}
    first_ticket = f"/api/v1/staff/tickets/{taken[0]['id']}"
    for deed, said in (("needs", {"needs": ["kursi_roda"]}), ("priority", put_right)):
        assert mall.post("greeter", f"{first_ticket}/{deed}", said).status_code == 200
    for deed in ("step-out", "come-back"):
        assert mall.post("nobody", f"/api/v1/tickets/{taken[1]['token']}/{deed}").status_code == 200
    wanted = {"turn": taken[2]["turns"][0]["id"], "reason": "rentan"}
    # The porter knows of a right within two seconds.
    wait_until(lambda: mall.verb(first, "call", wanted).status_code == 200, 5, "the right")
    do(mall, first, "recall"), do(mall, first, "start")
    do(mall, first, "finish", {"outcome": "served", "note": "membawa bayi", "next": ["B-01"]})
    parked = do(mall, second, "call-next")
    do(mall, second, "park", {"reason": "menunggu_petugas", "note": "mencari anaknya"})
    do(mall, second, "resume", {"turn": parked["turn"]["id"], "call": True})
    do(mall, second, "start"), do(mall, second, "finish")
    do(mall, second, "call-next"), do(mall, second, "transfer", {"queue": "AB", "reason": "salah_layanan"})
    do(mall, second, "serve", {"service": "A-01"}), do(mall, second, "finish")
    do(mall, second, "pause", {"reason": "salat"}), do(mall, second, "open")
    mall.take(PASPOR)
    do(mall, elsewhere, "open", who="officer_b"), do(mall, elsewhere, "call-next", who="officer_b")
    do(mall, elsewhere, "start", who="officer_b"), do(mall, elsewhere, "finish", who="officer_b")
    for who, path in (("officer_b", "agencies/B/disturbance"), ("officer_a", "zones/merah/emergency")):
        assert mall.post(who, f"/api/v1/{path}", {"reason": "lain"}).status_code == 200
        assert mall.post(who, f"/api/v1/{path}/lift").status_code == 200
    mall.clear(elsewhere, who="officer_b")
    return {
        "personal": [
            "officer_a",
            "officer_b",
            "LANSIA",
            "kursi_roda",
            "membawa bayi",
            "mencari anaknya",
            *(one["token"] for one in taken),
        ],
        "reasons": ["rentan", "menunggu_petugas", "salah_layanan", "salah_pilih"],
    }
