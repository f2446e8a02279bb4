"""The small mall and its clock, and a good history to spoil."""

import pytest

from mpp import clock
from tests.history.stories import Story, rows_of, two_days
from tests.world import Time, World, any_world, time, world

__all__ = ["any_world", "time", "world"]


@pytest.fixture(scope="session")
def good_rows(tmp_path_factory):
    """The log of two good days."""
    room, still = tmp_path_factory.mktemp("good"), Time()
    clock.use(still.now, lambda: still.uptime)
    small = World(f"sqlite:///{room / 'mpp.sqlite3'}", room, still)
    two_days(small, still)
    rows = rows_of(small)
    small.end()
    clock.use(None)
    return rows


@pytest.fixture
def story(good_rows):
    """Those days as entries that a test may rewrite."""
    return Story(good_rows)
