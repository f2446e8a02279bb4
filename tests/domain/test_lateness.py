"""What is late, and that nothing but its queue's own standard says when."""

from types import SimpleNamespace

import pytest

from mpp.domain.lateness import target_minutes, verdict


@pytest.mark.parametrize(
    ("longest", "open_counters", "level", "why"),
    [
        (30.0, 1, "fine", ""),
        (31.0, 1, "look", "late"),
        (45.0, 1, "look", "late"),
        (46.0, 1, "act", "late"),
        (2.0, 0, "look", "unserved"),
        (6.0, 0, "act", "unserved"),
    ],
)
def test_a_line_is_judged_by_its_longest_wait_against_its_target(longest, open_counters, level, why):
    found = verdict(longest, 30, open_counters)

    assert (found.level, found.why) == (level, why)


def test_a_line_that_nobody_serves_is_worse_than_any_that_is_late():
    assert verdict(1.0, 15, 0).ratio > verdict(900.0, 15, 1).ratio


@pytest.mark.parametrize(("standard", "target"), [(1, 15), (5, 15), (10, 30), (45, 135)])
def test_the_usual_target_follows_the_published_standard(standard, target):
    assert target_minutes(SimpleNamespace(minutes=standard, target_min=None)) == target


def test_a_queue_that_sets_its_own_target_is_judged_by_it():
    assert target_minutes(SimpleNamespace(minutes=10, target_min=7)) == 7
