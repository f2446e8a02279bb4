"""What really happened breaks no invariant."""

import pytest

from mpp.history import examine
from tests.history.stories import Story, a_full_day, broken, rows_of, two_days


def test_a_good_history_breaks_nothing(good_rows, full_rows):
    assert broken(good_rows) == []
    assert broken(full_rows) == []


def test_a_good_history_that_is_sealed_again_is_the_same(good_rows, full_rows):
    assert Story(good_rows).rows() == good_rows
    assert Story(full_rows).rows() == full_rows


@pytest.mark.parametrize("days", [two_days, a_full_day])
def test_the_tables_agree_with_a_good_log(any_world, time, days):
    days(any_world, time)

    with any_world.db.reading() as session:
        found = examine(session, any_world.mall_id)

    assert (found.violations, found.more) == ([], 0)
    assert found.entries == len(rows_of(any_world))
    assert found.head == any_world.head().head
