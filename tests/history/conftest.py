"""The small mall and its clock, and a good history to spoil."""

import pytest

from mpp import clock
from tests.history.stories import Story, rows_of, two_days
from tests.world import Time, World, any_world, founded_database, founded_file, time, world

__all__ = ["any_world", "founded_database", "founded_file", "time", "world"]


@pytest.fixture(scope="session")
def good_room(tmp_path_factory):
    """Where the database of two good days lies."""
    room, still = tmp_path_factory.mktemp("good"), Time()
    clock.use(still.now, lambda: still.uptime)
    small = World(f"sqlite:///{room / 'mpp.sqlite3'}", room, still)
    two_days(small, still)
    small.end()
    clock.use(None)
    return room


@pytest.fixture(scope="session")
def good_rows(good_room):
    """The log of those days."""
    small = World(f"sqlite:///{good_room / 'mpp.sqlite3'}", good_room, Time())
    rows = rows_of(small)
    small.end()
    return rows


@pytest.fixture
def story(good_rows):
    """Those days as entries that a test may rewrite."""
    return Story(good_rows)
