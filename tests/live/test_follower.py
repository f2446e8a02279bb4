"""Whoever subscribes hears each entry of the log once and in order, whatever the other subscribers do."""

import threading

import pytest
import structlog

from mpp.app import configure_logs
from mpp.domain.event import About
from mpp.domain.events import DayConfirmed
from mpp.live.follower import Follower, Subscriber
from tests.servers import wait_until


class Listening(Subscriber):
    """Keeps the numbers of what it heard, and the last number up to which it was told that all was heard."""

    def __init__(self):
        self.seqs, self.looked_at = [], 0

    def heard(self, mall, entries):
        self.seqs += [entry.seq for entry in entries]

    def looked(self, mall, head):
        self.looked_at = head.seq


class Failing(Listening):
    def heard(self, mall, entries):
        super().heard(mall, entries)
        raise RuntimeError("a subscriber that fails")


class Hanging(Listening):
    def __init__(self):
        super().__init__()
        self.may_go_on = threading.Event()

    def heard(self, mall, entries):
        self.may_go_on.wait(20)
        super().heard(mall, entries)


@pytest.fixture
def follow(world):
    configure_logs()  # as a server does: a failure is one line
    followers = []

    def begin(*subscribers):
        follower = Follower(world.db)
        followers.append(follower)
        for one in subscribers:
            follower.subscribe(one)
        follower.start()
        return world.head().seq

    yield begin
    for follower in followers:
        follower.stop()
    structlog.reset_defaults()


def test_each_entry_is_heard_once_and_in_order(world, follow):
    one = Listening()
    before = follow(one)

    for _ in range(20):
        world.take(world.ktp)
    last = world.head().seq

    wait_until(lambda: one.looked_at == last, 5, "the last entry")
    assert one.seqs == list(range(before + 1, last + 1))


def test_a_subscriber_that_fails_or_hangs_holds_up_nobody(world, follow):
    failing, hanging, one = Failing(), Hanging(), Listening()
    before = follow(failing, hanging, one)

    world.take(world.ktp)
    wait_until(lambda: one.seqs, 5, "the first entry")
    world.take(world.ktp)
    last = world.head().seq
    wait_until(lambda: one.looked_at == failing.looked_at == last, 5, "the last entry")
    held, heard = list(hanging.seqs), list(range(before + 1, last + 1))
    hanging.may_go_on.set()
    wait_until(lambda: hanging.looked_at == last, 5, "the slow subscriber")

    assert held == []
    assert failing.seqs == hanging.seqs == one.seqs == heard


def test_nothing_is_heard_of_what_was_not_committed(world, follow):
    one = Listening()
    before = follow(one)

    with pytest.raises(RuntimeError), world.db.transaction(world.mall_id, "console") as opened:
        opened[1].record(DayConfirmed(), About(after="2026-11-23"))
        raise RuntimeError
    world.take(world.ktp)
    last = world.head().seq

    wait_until(lambda: one.looked_at == last, 5, "the last entry")
    assert one.seqs == list(range(before + 1, last + 1))
