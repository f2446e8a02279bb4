"""A long day is checked within seconds, and the open day alone is kept in memory."""

import time as clock

from mpp.history import Replay
from tests.history.stories import Story, broken

NUMBERS = 5_000


def a_long_day(story: Story) -> Story:
    """The small mall, with one visitor after another coming, being called, served and gone."""
    founding = story.entries[: story.entries.index(story.find("ticket_taken"))]
    one = [
        story.find("ticket_taken", label="AA-001"),
        story.find("turn_joined", label="AA-001"),
        story.find("turn_called", label="AA-005"),
        story.find("turn_started", label="AA-005"),
        story.find("turn_finished", label="AA-005"),
    ]
    long = Story([])
    long.entries = list(founding)
    for number in range(1, NUMBERS + 1):
        for part in one:
            long.entries.append(_of(part, number))
    return long


def _of(part: dict, number: int) -> dict:
    said = part | {"ticket": number, "label": f"AA-{number:03d}", "at": "2026-11-23T02:00:00.000000Z"}
    facts = dict(part["facts"])
    if part["turn"] is not None:
        said["turn"] = number
    if "number" in facts:
        facts["number"] = number
    if "order_key" in facts:
        facts["order_key"] = 1_795_399_200_000_000
    return said | {"facts": facts}


def test_five_thousand_numbers_are_checked_within_seconds(story):
    rows = a_long_day(story).rows()
    replay = Replay(1)

    start = clock.process_time()
    replay.read(rows)
    spent = clock.process_time() - start

    assert replay.findings.violations == []
    assert len(rows) > 5 * NUMBERS
    assert spent < 10


def test_turns_of_days_that_are_over_leave_the_memory(good_rows):
    replay = Replay(1)
    replay.read(good_rows)

    tickets, turns = replay.hall.settle()

    assert (len(tickets), len(turns)) == (12, 12)
    assert [turn.label for turn in replay.hall.turns.values()] == ["AA-001"]
    assert replay.hall.settle() == ([], [])
    assert broken(good_rows) == []
