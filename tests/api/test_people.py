"""Rights over the front door: granted by a command, used at once, gone within five seconds."""

import pytest

from tests.api.mall import KTP, code
from tests.servers import wait_until


@pytest.fixture
def counter(mall):
    """An open counter of agency A with somebody waiting."""
    one = mall.model.counters["A"][0]
    mall.do(one, "open")
    yield one
    mall.clear(one)


def call_chosen(mall, counter, turn, who="officer_a"):
    return mall.verb(counter, "call", {"turn": turn, "reason": "rentan"}, who=who)


def test_a_right_works_when_granted_and_no_more_within_five_seconds_when_revoked(mall, counter):
    mall.take(KTP)
    first, second = (mall.take(KTP)["turns"][0]["id"] for _ in range(2))
    assert code(call_chosen(mall, counter, first)) == "not_allowed"

    mall.command("user", "grant", "officer_a", "call_chosen")
    granted = wait_until(lambda: call_chosen(mall, counter, first).status_code == 200, 6, "the granted right")
    mall.do(counter, "start", "finish")
    mall.command("user", "revoke", "officer_a", "call_chosen")
    revoked = wait_until(lambda: call_chosen(mall, counter, second).status_code == 403, 6, "no right")

    assert granted <= 5 and revoked <= 5


def test_the_list_of_people_shows_their_rights(mall):
    mall.command("user", "grant", "officer_b", "call_chosen")

    shown = dict(line.split("\t", 1) for line in mall.command("user", "list").stdout.splitlines())

    assert shown["officer_b"] == "officer\tB\taktif\tcall_chosen"
    assert shown["supervisor"] == "supervisor\tsemua\taktif"
    mall.command("user", "revoke", "officer_b", "call_chosen")


@pytest.mark.parametrize("line", [("officer_a", "fly"), ("nobody_at_all", "call_chosen")])
def test_a_right_or_a_person_that_does_not_exist_is_refused(mall, line):
    refused = mall.command("user", "grant", *line, check=False)

    assert refused.returncode != 0
    assert refused.stderr.strip()
