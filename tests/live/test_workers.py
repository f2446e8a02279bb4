"""Several server processes on PostgreSQL: a call reaches every screen, at once with Redis, soon without."""

import time

import pytest

from tests.api.mall import Mall
from tests.live.listener import Listener
from tests.servers import Redis, family, wait_until

SCREENS = 8


@pytest.fixture
def database(postgres_model, postgres):
    url = postgres.database(template=postgres_model.database_url.rpartition("/")[2])
    yield url
    postgres.drop(url)


@pytest.fixture
def own_redis():
    server = Redis()
    yield server
    server.resume() if server.program.running else None
    server.stop()


@pytest.fixture
def running(postgres_model, database, tmp_path):
    """`running(workers="2")`: the mall on PostgreSQL with these settings, serving."""
    made = []

    def start(**settings):
        made.append(Mall.copy(postgres_model, tmp_path / "data", database, **settings))
        made[-1].serve()
        return made[-1]

    yield start
    for one in made:
        one.end()


def spread(mall, screens):
    """One more number: the seconds its answer took, and until every screen had heard of it afterwards."""
    begin = time.monotonic()
    label = mall.take()["label"]
    answered = time.monotonic()
    for screen in screens:
        screen.wait("ticket_taken", where=lambda fact: fact["label"] == label)
    return answered - begin, time.monotonic() - answered


def quickest(mall, screens, times=4):
    """The best of some: a busy machine may delay one, a broken wire delays them all."""
    both = [spread(mall, screens) for _ in range(times)]
    return min(answer for answer, _ in both), min(heard for _, heard in both)


def screens_of(mall):
    screens = [Listener(mall.base, {"key": mall.keys["display"]}).enter() for _ in range(SCREENS)]
    for screen in screens:
        screen.wait("snapshot")
    return screens


def test_two_workers_tell_all_screens_with_redis_hanging_and_without_it(running, own_redis):
    mall = running(workers="2", redis_url=own_redis.url, rate_limits="on")
    wait_until(lambda: len(family(mall.server.pid)) >= 3, 20, "two workers")
    screens = screens_of(mall)

    assert quickest(mall, screens)[1] < 0.5

    own_redis.pause()
    answered, heard = quickest(mall, screens)
    assert answered < 0.4
    assert heard < 1.5
    own_redis.resume()

    own_redis.kill()
    answered, heard = quickest(mall, screens)
    assert answered < 0.4
    assert heard < 1.5

    own_redis.start()
    wait_until(lambda: max(spread(mall, screens)) < 0.5, 20, "quick news again")
    mall.command("check")


def test_a_server_starts_and_works_while_redis_is_away(running, own_redis):
    own_redis.kill()

    mall = running(workers="2", redis_url=own_redis.url, rate_limits="on")

    assert quickest(mall, screens_of(mall))[1] < 1.5


def test_with_gevent_it_serves_and_tells_and_patches_before_all_else(running):
    mall = running(async_mode="gevent")
    counter = mall.model.counters["A"][0]
    screens = screens_of(mall)

    label = mall.take()["label"]
    mall.do(counter, "open", "call-next")

    for screen in screens:
        assert screen.wait("turn_called")["label"] == label
    assert screens[0].wait("heartbeat")["zone"] == "merah"
    assert "MonkeyPatchWarning" not in mall.server.output
    mall.clear(counter)
    mall.server.stop()
