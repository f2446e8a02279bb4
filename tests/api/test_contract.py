"""The rows of the contract, kept to the letter: shapes, codes and sentences of a running server."""

import re
from datetime import date, datetime

import pytest

from tests.api.mall import KTP, PASPOR, TICKETS, code

TURN = {"queue", "service", "agency", "zone", "state", "ahead", "wait", "counter", "calls"}
DESK_TURN = {"id", "ticket", "label", "queue", "service", "state", "nth", "timings"}
CALL = {"call", "seq", "label", "counter", "agency", "zone", "at", "nth", "state", "sentence"}
EVENT = {"seq", "at", "event", "actor", "ticket", "turn", "label", "queue", "counter", "from", "to", "reason"}
OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+07:00")


@pytest.fixture
def counter(mall):
    """A counter of agency A that serves AA, open, and closed again afterwards."""
    found = mall.get("kiosk", "/api/v1/catalogue").json()["counters"]
    one = next(each["id"] for each in found if "AA" in each["queues"])
    while mall.verb(one, "open").status_code == 200 and mall.verb(one, "call-next").status_code == 200:
        mall.do(one, "start", "finish")
    yield one
    mall.clear(one)


def board_call(mall, label):
    calls = mall.get("display", "/api/v1/zones/merah/board").json()["calls"]
    return next((call for call in calls if call["label"] == label), None)


# Health and catalogue


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_anyone_may_ask_whether_the_server_lives(mall, path):
    answer = mall.get("nobody", path)

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.parametrize("who", ["kiosk", "officer_a", "display", "greeter", "supervisor"])
def test_the_catalogue_names_everything_that_a_kiosk_shows(mall, who):
    found = mall.get(who, "/api/v1/catalogue").json()

    expected = {"mall", "zones", "agencies", "queues", "services", "counters", "priorities"}
    assert expected <= set(found)
    counts = [len(found[name]) for name in ("agencies", "queues", "counters", "services")]
    assert counts == [24, 31, 40, 117]
    for counter in found["counters"]:
        assert {"id", "name", "agency", "zone", "queues", "open"} <= set(counter)
        assert counter["queues"]
    for service in found["services"]:
        assert {"code", "queue", "agency", "standard", "open", "closed"} <= set(service)


def test_a_catalogue_that_did_not_change_is_not_sent_again(mall):
    first = mall.get("kiosk", "/api/v1/catalogue")

    again = mall.get("kiosk", "/api/v1/catalogue", **{"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


# Tickets


@pytest.mark.parametrize("who", ["kiosk", "greeter"])
def test_a_number_is_given_with_all_that_the_slip_needs(mall, who):
    answer = mall.post(who, TICKETS, {"services": ["A-01"], "priority": "LANSIA", "language": "id"})

    ticket = answer.json()
    assert answer.status_code == 201
    assert {"id", "label", "token", "url", "day", "issued_at", "state", "turns", "slip"} <= set(ticket)
    assert re.fullmatch(r"AA-\d{3}", ticket["label"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", ticket["token"])
    assert ticket["url"] == f"{mall.base}/t/{ticket['token']}"
    assert date.fromisoformat(ticket["day"])
    assert OFFSET.fullmatch(ticket["issued_at"])
    assert ticket["state"] == "waiting"
    (turn,) = ticket["turns"]
    assert set(turn) >= TURN
    assert (turn["queue"], turn["service"], turn["agency"], turn["counter"]) == ("AA", "A-01", "A", None)
    assert isinstance(ticket["slip"]["id"], int)


def test_the_bearer_of_a_token_follows_the_ticket_through_its_life(mall, counter):
    ticket = mall.take()
    path = f"{TICKETS}/{ticket['token']}"

    def seen():
        view = mall.get("nobody", path).json()
        assert {"label", "day", "state", "turns"} <= set(view)
        (turn,) = view["turns"]
        return view["state"], turn["counter"], turn["calls"], turn["ahead"]

    assert seen() == ("waiting", None, 0, 0)
    name = mall.do(counter, "call-next")["counter"]["name"]
    assert seen() == ("called", name, 1, None)
    mall.do(counter, "start")
    assert seen() == ("serving", name, 1, None)
    mall.do(counter, "finish")
    assert seen() == ("done", None, 1, None)


def test_a_ticket_that_did_not_change_is_not_sent_again(mall):
    path = f"{TICKETS}/{mall.take()['token']}"
    first = mall.get("nobody", path)

    assert mall.get("nobody", path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_cancelled_number_is_never_called_and_cancelled_once(mall, counter):
    ticket, next_one = mall.take(), mall.take()
    path = f"{TICKETS}/{ticket['token']}/cancel"

    answer = mall.post("nobody", path)

    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert code(mall.post("nobody", path)) == "wrong_moment"
    assert mall.do(counter, "call-next")["turn"]["label"] == next_one["label"]


def test_the_kiosk_reports_its_own_paper_and_a_printed_one_stays_printed(mall):
    path = f"/api/v1/slips/{mall.take()['slip']['id']}"

    assert mall.post("kiosk", path, {"result": "unknown"}).json()["state"] == "unknown"
    assert mall.post("kiosk", path, {"result": "printed"}).json()["state"] == "printed"
    assert mall.post("kiosk", path, {"result": "failed"}).json()["state"] == "printed"
    assert mall.post("kiosk_2", path, {"result": "failed"}).status_code == 404
    assert mall.post("officer_a", path, {"result": "failed"}).status_code == 403


# Counters


def test_every_verb_answers_with_turn_counter_and_seq(mall, counter):
    mall.take()

    for verb, state in {"call-next": "called", "start": "serving", "finish": "done"}.items():
        answer = mall.do(counter, verb)
        assert {"turn", "counter", "seq"} <= set(answer)
        assert set(answer["turn"]) >= DESK_TURN
        assert answer["turn"]["state"] == state
        assert {"id", "name", "open", "holder"} <= set(answer["counter"])
        assert answer["counter"]["open"] is True
        assert answer["seq"] == mall.events()[-1]["seq"]


def test_the_timings_of_a_turn_are_its_whole_life(mall, counter):
    mall.take()

    turn = mall.do(counter, "call-next", "start", "finish")["turn"]

    assert set(turn["timings"]) >= {"wait", "walk", "service", "away"}
    assert all(minutes >= 0 for minutes in turn["timings"].values())


def test_a_missed_turn_leaves_the_desk_and_one_put_back_is_called_again(mall, counter):
    first, second = mall.take(), mall.take()

    assert mall.do(counter, "call-next")["turn"]["label"] == first["label"]
    assert mall.do(counter, "put-back")["turn"]["state"] == "waiting"
    assert mall.do(counter, "call-next")["turn"]["label"] == first["label"]
    assert mall.do(counter, "miss")["turn"]["state"] == "missed"
    assert mall.do(counter, "call-next")["turn"]["label"] == second["label"]


def test_the_first_recall_is_free_and_the_next_one_waits(mall, counter):
    mall.take()
    mall.do(counter, "call-next")

    assert mall.do(counter, "recall")["turn"]["nth"] == 2
    refused = mall.verb(counter, "recall")

    assert (refused.status_code, code(refused)) == (409, "too_soon")
    assert 1 <= refused.json()["retry_after"] <= 5
    assert refused.headers["Retry-After"] == str(refused.json()["retry_after"])


def test_the_desk_shows_counter_visitor_and_line(mall, counter):
    first, second = mall.take(), mall.take()
    mall.do(counter, "call-next")

    desk = mall.get("officer_a", f"/api/v1/counters/{counter}").json()

    assert desk["turn"]["label"] == first["label"]
    assert desk["counter"]["open"] is True
    assert second["label"] in [turn["label"] for turn in desk["line"]]


@pytest.mark.parametrize(
    "before, verb, refusal",
    [
        (["close"], "call-next", "counter_closed"),
        ([], "call-next", "nobody_waiting"),
        ([], "start", "wrong_moment"),
        ([], "finish", "wrong_moment"),
        ([], "miss", "wrong_moment"),
        ([], "put-back", "wrong_moment"),
        ([], "recall", "wrong_moment"),
        (["call-next"], "call-next", "counter_busy"),
        (["call-next"], "finish", "wrong_moment"),
        (["call-next"], "close", "counter_busy"),
        (["call-next", "start"], "start", "wrong_moment"),
        (["call-next", "start"], "recall", "wrong_moment"),
        (["call-next", "start"], "miss", "wrong_moment"),
    ],
)
def test_a_verb_at_the_wrong_moment_is_refused_and_changes_nothing(mall, counter, before, verb, refusal):
    if "call-next" in before:
        mall.take()
    mall.do(counter, *before) if before else None
    seq = mall.events()[-1]["seq"]

    answer = mall.verb(counter, verb)

    assert (answer.status_code, code(answer)) == (409, refusal)
    assert mall.events()[-1]["seq"] == seq


def test_a_counter_in_use_is_not_taken_over(mall, counter):
    answer = mall.verb(counter, "open", who="supervisor")

    assert (answer.status_code, code(answer)) == (409, "counter_held")


def test_finishing_may_say_what_became_of_it(mall, counter):
    mall.take()
    mall.do(counter, "call-next", "start")

    unknown = mall.verb(counter, "finish", {"services": ["Z-99"]})
    done = mall.verb(counter, "finish", {"outcome": "served", "services": ["A-01"]})

    assert (unknown.status_code, code(unknown)) == (404, "unknown_service")
    assert done.json()["turn"]["state"] == "done"


# The board


def test_a_call_stands_on_the_board_until_its_visitor_is_done(mall, counter):
    label = mall.take()["label"]

    mall.do(counter, "call-next")
    called = board_call(mall, label)
    assert set(called) >= CALL
    assert (called["zone"], called["nth"], called["state"]) == ("merah", 1, "called")
    assert called["sentence"].startswith("Nomor antrean")

    mall.do(counter, "recall")
    recalled = board_call(mall, label)
    assert (recalled["call"], recalled["nth"]) == (called["call"], 2)
    assert recalled["seq"] > called["seq"]

    mall.do(counter, "start")
    assert board_call(mall, label)["state"] == "serving"
    mall.do(counter, "finish")
    assert board_call(mall, label) is None


@pytest.mark.parametrize("verb", ["miss", "put-back"])
def test_a_call_leaves_the_board_when_nobody_came(mall, counter, verb):
    label = mall.take()["label"]
    mall.do(counter, "call-next")
    assert board_call(mall, label)

    mall.do(counter, verb)

    assert board_call(mall, label) is None


def test_the_board_says_where_it_stands_and_who_waits(mall):
    before = mall.get("display", "/api/v1/zones/merah/board").json()
    mall.take()
    after = mall.get("display", "/api/v1/zones/merah/board").json()

    assert {"seq", "at", "calls", "counters", "queues", "notices"} <= set(after)
    assert after["seq"] > before["seq"]
    assert len(after["calls"]) <= 12
    waiting = [
        next(queue["waiting"] for queue in each["queues"] if queue["code"] == "AA")
        for each in (before, after)
    ]
    assert waiting[1] == waiting[0] + 1


# Queues and the log


def test_a_supervisor_sees_every_line_and_the_whole_log(mall, counter):
    mall.take()
    mall.do(counter, "call-next", "start", "finish")

    queues = {row["code"]: row for row in mall.get("supervisor", "/api/v1/queues").json()["queues"]}
    events = mall.events()

    assert len(queues) == 31
    assert {"waiting", "longest_wait", "median_wait", "open_counters"} <= set(queues["AA"])
    assert queues["AA"]["open_counters"] >= 1
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(set(event) >= EVENT | {"hash"} for event in events)
    assert all(OFFSET.fullmatch(event["at"]) for event in events)
    assert [event["event"] for event in events[-3:]] == ["turn_called", "turn_started", "turn_finished"]


def test_the_log_comes_in_pages_of_200_and_at_most_1000(mall):
    for _ in range(110):
        mall.take()

    usual = mall.get("supervisor", "/api/v1/events").json()
    two = mall.get("supervisor", "/api/v1/events?after=5&limit=2").json()
    most = mall.get("supervisor", "/api/v1/events?limit=1000000").json()
    end = mall.get("supervisor", f"/api/v1/events?after={2**40}").json()

    assert len(usual["events"]) == 200
    assert usual["next"] == usual["events"][-1]["seq"]
    assert [event["seq"] for event in two["events"]] == [6, 7]
    assert two["next"] == 7
    assert 200 < len(most["events"]) <= 1000
    assert end == {"events": [], "next": 2**40}


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1e3", f"after={'9' * 30}"])
def test_a_senseless_place_in_the_log_is_refused(mall, query):
    answer = mall.get("supervisor", f"/api/v1/events?{query}")

    assert (answer.status_code, code(answer)) == (422, "invalid")


# What every answer carries


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/healthz"),
        ("GET", "/api/v1/catalogue"),
        ("GET", "/api/v1/nowhere"),
        ("POST", TICKETS),
        ("DELETE", TICKETS),
        ("GET", "/"),
        ("GET", "/t/unknown"),
        ("GET", "/nowhere"),
    ],
)
def test_every_answer_names_the_versions_and_shuts_every_browser_door(mall, method, path):
    headers = mall.as_("nobody").request(method, path).headers

    assert headers["MPP-Version"] and headers["MPP-Oldest-Client"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert "Access-Control-Allow-Origin" not in headers


def test_a_strange_host_name_adds_nothing_to_the_policy(mall):
    answer = mall.get("nobody", "/healthz", Host="evil; script-src *")

    assert "evil" not in answer.headers["Content-Security-Policy"]


def test_the_slip_s_address_does_not_follow_the_host_that_was_asked(mall):
    answer = mall.post("kiosk", TICKETS, KTP, Host="evil.example")

    assert answer.json()["url"].startswith(mall.base)


@pytest.mark.parametrize("version", ["0.0.9", "0", "nonsense"])
def test_an_older_client_is_told_to_reload_or_update(mall, version):
    answer = mall.post("kiosk", TICKETS, KTP, **{"MPP-Client": version})

    assert (answer.status_code, code(answer)) == (409, "client_too_old")
    assert mall.post("kiosk", TICKETS, KTP, **{"MPP-Client": "0.1.0"}).status_code == 201


@pytest.mark.parametrize("path", ["/api/v1/catalogue", "/healthz"])
def test_head_says_what_get_would_without_the_words(mall, path):
    answer = mall.as_("kiosk").head(path)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_told_which_ones_there_are(mall, method):
    answer = mall.as_("kiosk").request(method, TICKETS)

    assert (answer.status_code, code(answer)) == (405, "not_this_way")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/api/v1/tickets/offline"),
        ("POST", "/api/v1/zones/merah/receipts"),
        ("GET", "/metrics"),
        ("POST", "/api/v1/nowhere"),
    ],
)
def test_what_comes_later_is_not_there(mall, method, path):
    answer = mall.as_("officer_a").request(method, path, json={} if method == "POST" else None)

    assert answer.status_code == 404
    assert code(answer) in ("not_found", "unknown_ticket")


def test_a_day_of_all_this_leaves_a_sound_log(mall):
    mall.command("check")


def test_numbers_of_a_line_are_given_in_order_and_times_carry_the_zone(mall):
    first, second = mall.take(PASPOR), mall.take(PASPOR)

    assert int(second["label"][3:]) == int(first["label"][3:]) + 1
    assert datetime.fromisoformat(first["issued_at"]) <= datetime.fromisoformat(second["issued_at"])
