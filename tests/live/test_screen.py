"""What screens hear over real sockets: everything of their own, nothing of others, and never a lie."""

import http.client
import json
import sqlite3
import time
from contextlib import closing, suppress

import httpx
import pytest
from simple_websocket import ConnectionClosed

from tests.api.mall import PASPOR
from tests.live.listener import Listener, Refused
from tests.servers import wait_until

KTP_FACTS = ["ticket_taken", "turn_joined", "turn_called", "turn_started", "turn_finished"]


@pytest.fixture
def listen(mall):
    """`listen("display", zone="merah")`: a socket with somebody's key, let in."""
    made = []

    def enter(who=None, **auth):
        key = {"key": mall.keys[who]} if who else {}
        made.append(Listener(mall.base, key | auth, knows=mall.events()[-1]["seq"]))
        return made[-1].enter()

    yield enter
    for one in made:
        one.close()


@pytest.fixture
def counter(mall):
    """A counter of agency A that serves AA, open and without a visitor; its line is empty."""
    found = mall.get("kiosk", "/api/v1/catalogue").json()["counters"]
    one = next(each["id"] for each in found if "AA" in each["queues"])
    while mall.verb(one, "open").status_code == 200 and mall.verb(one, "call-next").status_code == 200:
        mall.do(one, "start", "finish")
    yield one
    mall.clear(one)


def board(mall, who="display", zone="merah"):
    return mall.get(who, f"/api/v1/zones/{zone}/board").json()


def test_a_new_screen_gets_the_board_at_once(mall, listen):
    snapshot = listen("display").wait("snapshot")

    now = board(mall)
    assert {**snapshot, "at": None} == {**now, "at": None}


def test_every_fact_of_the_zone_is_heard_in_an_unbroken_chain(mall, listen, counter):
    screen = listen("display")
    shown = screen.wait("snapshot")["seq"]

    ticket = mall.take()
    mall.do(counter, "call-next", "recall", "start", "finish")
    screen.wait("turn_finished", where=lambda fact: fact["label"] == ticket["label"])

    facts = [fact for name, fact in screen.heard if name not in ("snapshot", "heartbeat")]
    for fact in facts:
        assert fact["prev"] == shown
        assert fact["seq"] > fact["prev"]
        assert fact["zone"] == "merah"
        shown = fact["seq"]
    assert shown == board(mall)["seq"]
    names = [name for name in screen.names if name not in ("snapshot", "heartbeat")]
    assert names == [*KTP_FACTS[:3], "turn_recalled", *KTP_FACTS[3:]]


def test_a_call_is_the_board_s_call_at_the_very_moment_it_is_heard(mall, listen, counter):
    screen, asked = listen("display"), []

    def ask(name, fact):
        if name in ("turn_called", "turn_recalled"):
            answer = httpx.get(
                f"{mall.base}/api/v1/zones/merah/board",
                headers={"Authorization": f"Bearer {mall.keys['display']}"},
            )
            asked.append(
                (fact, next(call for call in answer.json()["calls"] if call["call"] == fact["call"]))
            )

    screen.on_event = ask
    label = mall.take()["label"]
    mall.do(counter, "call-next")
    wait_until(lambda: len(asked) == 1, 10, "the call")
    mall.do(counter, "recall")
    wait_until(lambda: len(asked) == 2, 10, "the recall")

    for nth, (heard, shown) in enumerate(asked, 1):
        assert (heard["label"], heard["nth"]) == (label, nth)
        assert {name: heard[name] for name in shown} == shown


def test_what_screens_hear_says_nothing_about_the_visitor(mall, listen, counter):
    screen, staff = listen("display"), listen("officer_a")
    taken = mall.take({"services": ["A-01"], "priority": "LANSIA", "language": "en"})
    mall.do(counter, "call-next", "start", "finish")
    for each in (screen, staff):
        each.wait("turn_finished")

    said = json.dumps([*screen.heard, *staff.heard])

    assert "LANSIA" not in said and "priority" not in said and taken["token"] not in said


def test_the_heart_beats_every_five_seconds_and_names_the_newest(mall, listen):
    screen = listen("display")
    screen.wait("heartbeat")
    first, beats = time.monotonic(), len(screen.facts("heartbeat"))

    wait_until(lambda: len(screen.facts("heartbeat")) > beats, 15, "another beat")

    assert 3 < time.monotonic() - first < 10
    assert screen.facts("heartbeat")[-1] == {"seq": board(mall)["seq"], "zone": "merah"}


def test_a_screen_hears_its_own_zones_and_no_other(mall, listen, counter):
    red, blue, both = listen("display"), listen("display_biru"), listen("display_both")
    passport = mall.model.counters["B"][0]
    zone = next(
        each["zone"]
        for each in mall.get("kiosk", "/api/v1/catalogue").json()["counters"]
        if each["id"] == passport
    )
    assert zone != "merah"

    mall.take(), mall.take(PASPOR)
    mall.do(counter, "call-next", "start", "finish")
    red.wait("turn_finished")
    both.wait("turn_finished")

    assert {fact["zone"] for fact in red.facts(*KTP_FACTS)} == {"merah"}
    assert blue.facts(*KTP_FACTS) == [] or {fact["zone"] for fact in blue.facts(*KTP_FACTS)} == {"biru"}
    assert {fact["zone"]["code"] for fact in both.facts("snapshot")} == {"merah", "biru"}


def test_a_screen_of_two_zones_may_ask_for_one(mall, listen):
    screen = listen("display_both", zone="biru")
    mall.take()
    screen.wait("heartbeat")

    assert {fact["zone"]["code"] for fact in screen.facts("snapshot")} == {"biru"}
    assert {fact["zone"] for fact in screen.facts("heartbeat")} == {"biru"}
    assert screen.facts("ticket_taken") == []


def test_staff_hear_their_agency_and_supervisors_the_mall(mall, listen, counter):
    a, b, everyone = listen("officer_a"), listen("officer_b"), listen("supervisor")
    label, passport = mall.take()["label"], mall.take(PASPOR)["label"]
    mall.do(counter, "call-next", "start", "finish")

    a.wait("turn_finished")
    everyone.wait("turn_finished")
    b.wait("ticket_taken")

    assert {fact["label"] for fact in a.facts("ticket_taken")} == {label}
    assert {fact["label"] for fact in b.facts("ticket_taken")} == {passport}
    assert {fact["label"] for fact in everyone.facts("ticket_taken")} == {label, passport}
    assert b.facts("turn_called") == []
    assert a.facts("snapshot") == []


# The door


@pytest.mark.parametrize(
    "auth, code",
    [
        ({}, "unknown_key"),
        ({"key": ""}, "unknown_key"),
        ({"key": "x" * 43}, "unknown_key"),
        ({"key": "\ud800"}, "unknown_key"),
        ({"key": 5}, "unknown_key"),
        ({"key": {"$ne": 1}}, "unknown_key"),
        ("kunci", "unknown_key"),
        (["kunci"], "unknown_key"),
        ({"kiosk": True}, "not_allowed"),
        ({"display": True, "zone": "biru"}, "unknown_zone"),
        ({"display": True, "zone": ["merah"]}, "unknown_zone"),
        ({"display": True, "zone": {}}, "unknown_zone"),
        ({"display": True, "zone": ""}, "unknown_zone"),
    ],
)
def test_who_may_not_listen_is_told_why(mall, auth, code):
    if isinstance(auth, dict):
        who = next((name for name in ("kiosk", "display") if auth.get(name)), None)
        auth = {name: value for name, value in auth.items() if name != who}
        auth |= {"key": mall.keys[who]} if who else {}

    stranger = Listener(mall.base, auth)

    with pytest.raises(Refused) as refused:
        stranger.enter()
    assert refused.value.reason["data"]["code"] == code
    assert refused.value.reason["message"] == refused.value.reason["data"]["detail"]
    assert stranger.heard == []
    stranger.close()


def test_a_cookie_opens_the_door_and_a_session_beside_it_does_not_close_it(mall):
    cookies = [f"mpp-display={mall.keys['display']}", f"mpp-session=lama; mpp-display={mall.keys['display']}"]
    for cookie in cookies:
        screen = Listener(mall.base, {"zone": "merah"}, {"Cookie": cookie}).enter()
        assert screen.wait("snapshot")["zone"]["code"] == "merah"
        answer = httpx.get(f"{mall.base}/api/v1/zones/merah/board", headers={"Cookie": cookie})
        assert answer.status_code == 200
        screen.close()


@pytest.mark.parametrize(
    "origin, status",
    [
        ("https://evil.example", 400),
        ("null", 400),
        ("http://127.0.0.1", 400),
        ("http://127.0.0.1:{port}", 101),
        ("http://127.0.0.1:{port}.evil.example", 400),
    ],
)
def test_only_a_page_of_this_server_gets_a_socket(mall, origin, status):
    line = http.client.HTTPConnection("127.0.0.1", mall.port, timeout=10)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": origin.format(port=mall.port)}

    line.request("GET", "/socket.io/?EIO=4&transport=websocket", headers=headers)

    assert line.getresponse().status == status
    line.close()


def test_there_is_no_way_in_by_polling(mall):
    answer = mall.get("nobody", "/socket.io/?EIO=4&transport=polling")

    assert answer.status_code == 400


def test_a_key_holds_200_sockets_and_not_one_more(mall):
    held = [Listener(mall.base, {"key": mall.keys["display_biru"]}) for _ in range(200)]
    for one in held:
        one.enter()

    with pytest.raises(Refused) as refused:
        Listener(mall.base, {"key": mall.keys["display_biru"]}).enter()

    assert refused.value.reason["data"]["code"] == "too_many"
    for one in held:
        one.close()


# Rude clients


def test_who_comes_and_says_nothing_does_not_stay(mall, listen):
    polite, silent = listen("display"), [Listener(mall.base, ...) for _ in range(20)]
    refused = Listener(mall.base, {"key": "x"})

    wait_until(lambda: all(one.closed for one in [*silent, refused]), 15, "the end of the silent ones")

    label = mall.take()["label"]
    polite.wait("ticket_taken", where=lambda fact: fact["label"] == label)


def test_nothing_that_a_client_says_is_heard(mall, listen, counter):
    screen, other = listen("display"), listen("display")
    mall.take()
    screen.wait("ticket_taken")
    before = mall.events()[-1]["seq"]

    for said in (
        ["turn_called", {"label": "AA-999"}],
        ["snapshot", {}],
        ["disconnect"],
        ["disconnect", "transport error"],
        ["connect", {"key": "x"}],
        ["turn_out"],
        ["join", "mall:1"],
        [5],
        [None],
        [{}],
    ):
        screen.say("42/screen," + json.dumps(said))
        screen.say("42/screen,7" + json.dumps(said))
    mall.do(counter, "call-next")

    assert screen.wait("turn_called")["label"] == other.wait("turn_called")["label"]
    assert len(screen.facts("turn_called")) == len(other.facts("turn_called")) == 1
    assert [event["event"] for event in mall.events() if event["seq"] > before] == ["turn_called"]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "x",
        "9",
        "4",
        "42",
        "42/screen,",
        "42/screen,[",
        "42/screen,{}",
        "45-",
        "451-/screen,[]",
        b"\x00\xff",
    ],
)
def test_garbage_ends_at_most_its_own_socket(mall, listen, frame):
    rude, polite = Listener(mall.base, {"key": mall.keys["display"]}).enter(), listen("display")

    with suppress(ConnectionClosed):
        rude.say(frame)

    label = mall.take()["label"]
    polite.wait("ticket_taken", where=lambda fact: fact["label"] == label)
    rude.close()


def test_a_frame_over_8_kib_ends_its_socket_and_nothing_else(mall, listen):
    rude, polite = Listener(mall.base, {"key": mall.keys["display"]}).enter(), listen("display")

    rude.say('42/screen,["x","' + "a" * 9_000 + '"]')

    wait_until(lambda: rude.closed, 10, "the end of the socket")
    label = mall.take()["label"]
    polite.wait("ticket_taken", where=lambda fact: fact["label"] == label)


# Coming, going, coming back


@pytest.mark.parametrize("lie", [False, True])
def test_a_removed_device_is_out_within_five_seconds(another, lie):
    """Also one that pretended to have gone before."""
    mall = another()
    mall.serve()
    screen = Listener(mall.base, {"key": mall.keys["display"]}).enter()
    if lie:
        screen.say('42/screen,["disconnect"]')
    mall.get("display", "/api/v1/catalogue").raise_for_status()

    mall.command("device", "remove", "display")

    assert wait_until(lambda: screen.closed, 8, "the end of the socket") <= 5.5
    assert mall.get("display", "/api/v1/catalogue").status_code == 401
    with pytest.raises(Refused):
        Listener(mall.base, {"key": mall.keys["display"]}).enter()


def test_a_disabled_person_is_out_within_five_seconds(another):
    mall = another()
    mall.serve()
    staff = Listener(mall.base, {"key": mall.keys["officer_a"]}).enter()
    mall.get("officer_a", "/api/v1/catalogue").raise_for_status()

    mall.command("user", "disable", "officer_a")

    assert wait_until(lambda: staff.closed, 8, "the end of the socket") <= 5.5
    refused = mall.verb(mall.model.counters["A"][0], "open")
    assert (refused.status_code, refused.json()["code"]) == (401, "unknown_key")


def test_after_a_restart_a_screen_gets_what_is_true(another):
    mall = another()
    counter = mall.model.counters["A"][0]
    server = mall.serve()
    screen = Listener(mall.base, {"key": mall.keys["display"]}).enter()
    label = mall.take()["label"]
    mall.do(counter, "open", "call-next")
    called = screen.wait("turn_called")

    server.kill()
    wait_until(lambda: screen.closed, 10, "the end of the socket")
    mall.serve()
    back = Listener(mall.base, {"key": mall.keys["display"]}).enter()

    snapshot = back.wait("snapshot")
    assert snapshot["seq"] == called["seq"]
    assert [call["label"] for call in snapshot["calls"]] == [label]
    mall.do(counter, "start")
    assert back.wait("turn_started")["prev"] == snapshot["seq"]


def test_an_entry_that_cannot_be_told_does_not_silence_the_next(another):
    mall = another()
    mall.serve()
    screen = Listener(mall.base, {"key": mall.keys["display"]}).enter()
    mall.take()
    screen.wait("turn_joined")
    for odd in (b"{", b"[]", b'{"zones": {"merah": 1}}'):
        append_to_the_log(mall.room / "mpp.sqlite3", odd)

    label = mall.take()["label"]

    screen.wait("ticket_taken", where=lambda fact: fact["label"] == label)
    mall.server.says("news_untold")


def append_to_the_log(path, sealed):
    """What no action would write: an entry that a screen's news cannot be made of."""
    with closing(sqlite3.connect(path, timeout=5)) as line, line:
        line.row_factory = sqlite3.Row
        last = dict(line.execute("SELECT * FROM event ORDER BY seq DESC LIMIT 1").fetchone())
        odd = {**last, "seq": last["seq"] + 1, "sealed": sealed, "hash": bytes(32)}
        odd.pop("id", None)
        names = ", ".join(odd)
        line.execute(f"INSERT INTO event ({names}) VALUES ({', '.join('?' * len(odd))})", list(odd.values()))
        line.execute("UPDATE mall_log SET seq = seq + 1")
