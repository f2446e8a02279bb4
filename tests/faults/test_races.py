"""Many at once: each intent one number, each turn one counter, and the order of the line kept."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.timeout(180)

WISH = {"services": ["A-01"], "priority": None, "language": "id"}


def test_sixteen_clients_with_twenty_intents_each_sent_twice_get_each_number_once(hall):
    def race(hall):
        def client(n):
            one, two = hall.client(hall.kiosk), hall.client(hall.kiosk)
            intents = [f"{n}-{turn}" for turn in range(20)]
            with ThreadPoolExecutor(2) as pair:
                return [
                    (
                        intent,
                        *pair.map(lambda line, intent=intent: line.post(TICKETS, WISH, intent), (one, two)),
                    )
                    for intent in intents
                ]

        with ThreadPoolExecutor(16) as pool:
            answers = [row for rows in pool.map(client, range(16)) for row in rows]

        assert {answer.status for _, *both in answers for answer in both} == {201}
        assert all(first.body["id"] == second.body["id"] for _, first, second in answers)
        labels = [first.body["label"] for _, first, _ in answers]
        assert sorted(labels) == [f"AA-{number:03}" for number in range(1, 321)]

    hall.running(race)
    hall.command("check")


def test_racing_counters_never_call_a_turn_twice_and_keep_the_order(hall):
    def race(hall):
        visitor = hall.client(hall.kiosk)
        for n in range(60):
            assert visitor.post(TICKETS, WISH, f"visitor-{n}").status == 201
        counters = _counters(hall)
        assert len(counters) > 1

        with ThreadPoolExecutor(len(counters)) as pool:
            called = [
                label for labels in pool.map(lambda one: _serve_all(hall, one), counters) for label in labels
            ]

        assert [label for label, times in Counter(called).items() if times > 1] == []
        assert sorted(called) == [f"AA-{number:03}" for number in range(1, 61)]
        assert _order_of_calls(hall) == sorted(called)

    hall.running(race)
    hall.command("check")


TICKETS = "/api/v1/tickets"


def _counters(hall):
    """The counters that serve the queue, opened."""
    officer = hall.client(hall.officer)
    catalogue = hall.client(hall.kiosk).get("/api/v1/catalogue").body
    ids = [counter["id"] for counter in catalogue["counters"] if "AA" in counter["queues"]]
    for counter in ids:
        assert officer.post(f"/api/v1/counters/{counter}/open", {}, f"open-{counter}").status == 200
    return ids


def _serve_all(hall, counter):
    """Call, start and finish at this counter until nobody waits."""
    officer, labels = hall.client(hall.officer), []
    for n in range(200):
        answer = officer.post(f"/api/v1/counters/{counter}/call-next", {}, f"call-{counter}-{n}")
        if answer.status == 409:
            assert answer.body["code"] == "nobody_waiting"
            return labels
        labels.append(answer.body["turn"]["label"])
        assert officer.post(f"/api/v1/counters/{counter}/start", {}, f"start-{counter}-{n}").status == 200
        assert officer.post(f"/api/v1/counters/{counter}/finish", {}, f"finish-{counter}-{n}").status == 200
    raise AssertionError("the line never ends")


def _order_of_calls(hall):
    reader = hall.client(hall.person("pengawas", "supervisor"))
    labels, after = [], 0
    while True:
        page = reader.get(f"/api/v1/events?after={after}&limit=1000").body
        labels += [event["label"] for event in page["events"] if event["event"] == "turn_called"]
        if not page["events"]:
            return labels
        after = page["next"]
