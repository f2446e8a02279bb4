"""The small mall and its clock, and a good history to spoil."""

import pytest

from mpp import clock
from tests.history.stories import Story, a_full_day, rows_of, two_days
from tests.world import Time, World, any_world, founded_database, founded_file, time, world

__all__ = ["any_world", "founded_database", "founded_file", "time", "world"]


@pytest.fixture(scope="session")
def good_room(tmp_path_factory):
    """Where the database of two good days lies."""
    return _lived(tmp_path_factory.mktemp("good"), two_days)


@pytest.fixture(scope="session")
def full_room(tmp_path_factory):
    """Where the database of a day with every verb lies."""
    return _lived(tmp_path_factory.mktemp("full"), a_full_day)


@pytest.fixture(scope="session")
def good_rows(good_room):
    """The log of two good days."""
    return _rows(good_room)


@pytest.fixture(scope="session")
def full_rows(full_room):
    """The log of a day with every verb."""
    return _rows(full_room)


@pytest.fixture
def story(good_rows):
    """Those days as entries that a test may rewrite."""
    return Story(good_rows)


@pytest.fixture
def full_story(full_rows):
    """That day as entries that a test may rewrite."""
    return Story(full_rows)


def _lived(room, days):
    still = Time()
    clock.use(still.now, lambda: still.uptime)
    small = World(f"sqlite:///{room / 'mpp.sqlite3'}", room, still)
    days(small, still)
    small.end()
    clock.use(None)
    return room


def _rows(room):
    small = World(f"sqlite:///{room / 'mpp.sqlite3'}", room, Time())
    rows = rows_of(small)
    small.end()
    return rows
