"""The API at odd hours, in one process with a still clock: closed lines, full lines, old tokens, new days."""

import pytest

from mpp.actions import devices, people
from mpp.actions.people import NewPerson
from mpp.app import create_app
from mpp.domain.people import Role
from tests.world import PASSWORD, founded_file, time, world

__all__ = ["founded_file", "time", "world"]

TICKETS = "/api/v1/tickets"


@pytest.fixture
def api(world, monkeypatch):
    """`api("POST", path, body)` as the kiosk, or with another key."""
    kiosk = devices.add(world.console, "kiosk", "anjungan-9", ())
    people.add(world.console, NewPerson("tono", Role.OFFICER, "A", PASSWORD))
    officer = people.make_token(world.console, "tono")
    app, _ = create_app(world.settings)
    client, keys = app.test_client(), {"kiosk": kiosk, "officer": officer, "nobody": ""}
    numbers = iter(range(10_000))

    def call(method, path, body=None, who="kiosk"):
        headers = {"Authorization": f"Bearer {keys[who]}", "Idempotency-Key": f"api-{next(numbers)}"}
        answer = client.open(path, method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    return call


def take(api, service="A-01"):
    return api("POST", TICKETS, {"services": [service]})


@pytest.mark.parametrize(
    "hour, days, reason, opening",
    [
        (6, 1, "before_opening", "2026-11-24T08:00:00+07:00"),
        (16, 0, "day_ended", "2026-11-24T08:00:00+07:00"),
        (16, 4, "day_ended", "2026-11-30T08:00:00+07:00"),
        (10, 5, "closed_today", "2026-11-30T08:00:00+07:00"),
    ],
)
def test_a_closed_line_says_why_and_when_it_opens_again(api, time, hour, days, reason, opening):
    time.until(hour, days=days)

    status, problem = take(api)

    assert (status, problem["code"], problem["reason"]) == (409, "closed", reason)
    assert problem["next_opening"] == opening
    assert problem["detail"].endswith(".")


def test_a_full_line_says_when_it_gives_numbers_again(api):
    assert [take(api, "B-01")[0] for _ in range(3)] == [201] * 3

    status, problem = take(api, "B-01")

    assert (status, problem["code"]) == (409, "quota_reached")
    assert problem["next_opening"] == "2026-11-24T08:00:00+07:00"


def test_a_cancelled_number_makes_room_for_another(api):
    taken = [take(api, "B-01")[1] for _ in range(3)]
    assert api("POST", f"{TICKETS}/{taken[0]['token']}/cancel", {}, "nobody")[0] == 200

    status, ticket = take(api, "B-01")

    assert (status, ticket["label"]) == (201, "BA-004")


def test_a_token_is_dead_at_four_in_the_morning(api, time):
    path = f"{TICKETS}/{take(api)[1]['token']}"

    time.until(3, 59, days=1)
    assert api("GET", path, who="nobody")[0] == 200
    time.until(4)
    status, problem = api("GET", path, who="nobody")

    assert (status, problem["code"]) == (404, "unknown_ticket")
    strange = api("GET", f"{TICKETS}/{'x' * 22}", who="nobody")
    assert strange == (status, problem)


def test_yesterday_s_number_cannot_be_cancelled_today(api, time):
    path = f"{TICKETS}/{take(api)[1]['token']}/cancel"
    time.until(9, days=1)
    take(api)

    assert api("POST", path, {}, "nobody")[0] == 404


def test_a_new_day_begins_with_number_one(api, time):
    assert [take(api)[1]["label"] for _ in range(2)] == ["AA-001", "AA-002"]

    time.until(9, days=1)

    status, ticket = take(api)
    assert (status, ticket["label"], ticket["day"]) == (201, "AA-001", "2026-11-24")


def test_a_second_recall_waits_five_seconds(api, world, time):
    counter = f"/api/v1/counters/{world.loket_1.id}"
    take(api)
    for verb in ("open", "call-next", "recall"):
        assert api("POST", f"{counter}/{verb}", {}, "officer")[0] == 200

    time.forward(seconds=2)
    status, problem = api("POST", f"{counter}/recall", {}, "officer")
    assert (status, problem["code"], problem["retry_after"]) == (409, "too_soon", 3)
    time.forward(seconds=3)
    assert api("POST", f"{counter}/recall", {}, "officer")[1]["turn"]["nth"] == 3


def test_an_old_refusal_does_not_keep_an_intent_from_a_later_day(api, world, time):
    time.until(16)
    assert take(api)[0] == 409

    time.until(9, days=1)

    assert take(api)[0] == 201
