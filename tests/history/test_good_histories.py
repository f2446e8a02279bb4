"""What really happened breaks no invariant."""

from mpp.history import examine
from tests.history.stories import Story, broken, rows_of, two_days


def test_a_good_history_breaks_nothing(good_rows):
    assert broken(good_rows) == []


def test_a_good_history_that_is_sealed_again_is_the_same(good_rows):
    assert Story(good_rows).rows() == good_rows


def test_the_tables_agree_with_a_good_log(any_world, time):
    two_days(any_world, time)

    with any_world.db.reading() as session:
        found = examine(session, any_world.mall_id)

    assert (found.violations, found.more) == ([], 0)
    assert found.entries == len(rows_of(any_world))
    assert found.head == any_world.head().head
