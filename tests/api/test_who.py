"""Who may do what: every door for everybody, agencies apart from each other, keys that no longer count."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mpp.api.route import described
from mpp.app import create_app
from tests.api.mall import KTP, PASPOR, TICKETS, Mall, code
from tests.servers import wait_until

KINDS = {
    "kiosk": "kiosk",
    "display": "display",
    "officer_a": "officer",
    "greeter": "greeter",
    "supervisor": "supervisor",
    "admin": "admin",
}
assert create_app  # the routes are declared where the app is put together


@pytest.mark.parametrize("who", [*KINDS, "nobody"])
def test_every_door_opens_for_its_own_and_for_nobody_else(mall, who):
    wrong = []
    for route, kind in described():
        path = re.sub(r"<int:\w+>", "424242", route.path.replace("<token>", "x" * 22))
        path = re.sub(r"<\w+>", "ungu", path)
        headers = {"Idempotency-Key": mall.intent()}
        body = {"services": ["Z-99"], "x": 1} if kind.body else None
        answer = mall.as_(who).request(route.method, path, json=body, headers=headers)
        may = bool({"anyone", "bearer", KINDS.get(who)} & set(route.allowed))
        refusal = 401 if who == "nobody" else 403
        if (answer.status_code == refusal) == may or answer.status_code == 500:
            wrong.append(f"{route.method} {path}: {answer.status_code}")

    assert wrong == []


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer x", "bearer \xff\xfe", "Kunci x"])
def test_a_key_that_is_none_opens_nothing(mall, header):
    answer = mall.as_("nobody").get(
        "/api/v1/catalogue", headers=[(b"Authorization", header.encode("latin-1"))]
    )

    assert answer.status_code == 401
    assert code(answer) in ("unknown_key", "sign_in_needed")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_display_reads_exactly_its_zones(mall):
    def status(who, zone):
        return mall.get(who, f"/api/v1/zones/{zone}/board").status_code

    assert (status("display", "merah"), status("display", "biru")) == (200, 404)
    assert (status("display_biru", "merah"), status("display_biru", "biru")) == (404, 200)
    assert (status("display_both", "merah"), status("display_both", "biru")) == (200, 200)


def test_an_officer_of_another_agency_finds_no_counter(mall):
    counter = mall.model.counters["A"][0]
    before = mall.events()[-1]["seq"]

    for verb in ("open", "close", "call-next", "recall", "start", "finish", "miss", "put-back"):
        answer = mall.verb(counter, verb, who="officer_b")
        assert (answer.status_code, code(answer)) == (404, "unknown_counter")
    looked = mall.get("officer_b", f"/api/v1/counters/{counter}")
    absent = mall.get("officer_b", "/api/v1/counters/424242")

    assert (looked.status_code, looked.json()) == (404, absent.json())
    assert mall.events()[-1]["seq"] == before


def test_people_of_one_agency_see_its_lines_and_a_log_with_gaps(mall):
    counter = mall.model.counters["B"][0]
    mall.take(KTP), mall.take(PASPOR)
    mall.do(counter, "open", "call-next", "start", "finish", "close", who="officer_b")

    for who, agency in [("officer_a", "A"), ("supervisor_a", "A"), ("officer_b", "B")]:
        rows = mall.get(who, "/api/v1/queues").json()["queues"]
        events = mall.events(who)
        assert {row["agency"] for row in rows} == {agency}
        assert events
        assert {event["label"][0] for event in events if event["label"]} == {agency}
        assert {event["queue"][0] for event in events if event["queue"]} == {agency}
        seqs = [event["seq"] for event in events]
        assert seqs == sorted(seqs) and seqs[-1] - seqs[0] >= len(seqs)


def test_the_log_names_people_and_devices_by_number_alone(mall):
    mall.take({"services": ["A-01"], "priority": "LANSIA", "language": "en"})
    text = mall.get("supervisor", "/api/v1/events?limit=1000").text

    assert {event["actor"].split(":")[0] for event in mall.events()} <= {
        "device",
        "person",
        "console",
        "ticket",
    }
    for word in ("LANSIA", "officer_a", "greeter_", "kiosk_2"):
        assert word not in text


def test_a_program_may_hold_several_counters_of_its_agency(mall):
    first, second = mall.model.counters["A"][:2]

    mall.do(first, "open"), mall.do(second, "open")

    mall.clear(first), mall.clear(second)


@pytest.mark.parametrize(
    "command, who",
    [
        (("device", "remove", "kiosk_2"), "kiosk_2"),
        (("device", "rotate", "kiosk"), "kiosk"),
        (("user", "disable", "officer_b"), "officer_b"),
    ],
)
def test_a_key_that_was_taken_away_opens_nothing_after_five_seconds(mall, command, who):
    assert mall.get(who, "/api/v1/catalogue").status_code == 200

    mall.command(*command)

    closed = wait_until(lambda: mall.get(who, "/api/v1/catalogue").status_code == 401, 6, "the closed door")
    assert closed <= 5
    assert code(mall.post(who, TICKETS, KTP)) == "unknown_key"


# How often


@pytest.fixture(scope="module")
def watchful(model, tmp_path_factory):
    """A server that counts how often somebody knocks."""
    one = Mall.copy(model, tmp_path_factory.mktemp("watchful") / "data", rate_limits="on")
    one.serve()
    yield one
    one.end()


def test_a_kiosk_gives_twenty_numbers_at_once_and_then_waits(watchful):
    begin = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: watchful.post("kiosk", TICKETS, KTP), range(30)))
    took = time.monotonic() - begin

    given = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(given) + len(refused) == 30
    assert 20 <= len(given) <= 20 * (1 + took // 5)
    if refused:
        assert code(refused[0]) == "too_many"
        assert int(refused[0].headers["Retry-After"]) == refused[0].json()["retry_after"] >= 1
    assert watchful.post("kiosk_2", TICKETS, KTP).status_code == 201


def test_who_guesses_tokens_is_slowed_down_and_the_bearer_of_a_true_one_is_not(watchful):
    token = watchful.post("greeter", TICKETS, KTP).json()["token"]

    answers = [watchful.get("nobody", f"{TICKETS}/{'x' * 18}{number:04}") for number in range(40)]

    assert {answer.status_code for answer in answers[:30]} == {404}
    assert answers[-1].status_code == 429
    assert code(answers[-1]) == "too_many"
    assert watchful.get("nobody", f"{TICKETS}/{token}").status_code == 200


def test_one_token_is_not_asked_for_more_than_sixty_times_a_minute(watchful):
    token = watchful.post("greeter", TICKETS, KTP).json()["token"]

    statuses = [watchful.get("nobody", f"{TICKETS}/{token}").status_code for _ in range(70)]

    assert statuses[:60] == [200] * 60
    assert statuses[-1] == 429


def test_a_forged_forwarding_address_does_not_fool_the_limits(watchful):
    answers = [
        watchful.get("nobody", f"{TICKETS}/{'y' * 18}{number:04}", **{"X-Forwarded-For": f"10.0.0.{number}"})
        for number in range(40)
    ]

    assert answers[-1].status_code == 429
