"""A day that is over is over for whoever looks, also when nobody did anything since."""

import pytest

from mpp import clock
from mpp.actions import nights
from mpp.app import create_app
from mpp.domain.errors import DayNotConfirmed
from mpp.domain.life import State
from mpp.domain.people import Device, key_hash
from mpp.history import examine
from tests.world import WIB


@pytest.fixture
def look(any_world):
    """Somebody's look, through the front door, at what the server answers now."""
    with any_world.db.jotting() as session:
        for kind, zones in (("kiosk", []), ("display", ["merah"])):
            session.add(
                Device(
                    mall_id=any_world.mall_id,
                    kind=kind,
                    name=f"a look of a {kind}",
                    zones=zones,
                    key_hash=key_hash(kind),
                    added_at=any_world.time.now(),
                )
            )
    app = create_app(any_world.settings)[0]
    client = app.test_client()

    def get(path, kind):
        return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {kind}"}).json

    yield get
    app.extensions["follower"].stop()


def sound(world) -> bool:
    with world.db.reading() as session:
        return examine(session, world.mall_id).violations == []


@pytest.mark.parametrize(("path", "kind"), [("/zones/merah/board", "display"), ("/catalogue", "kiosk")])
def test_a_counter_of_the_day_before_yesterday_is_closed_at_the_first_look(any_world, time, look, path, kind):
    any_world.take(any_world.ktp)
    any_world.open(any_world.loket_1)
    time.until(3, 58, days=2)

    counters = {each["name"]: each for each in look(path, kind)["counters"]}

    assert not counters["Loket 1"].get("open", False)
    assert [each.counter_id for each in any_world.events("counter_closed")] == [any_world.loket_1.id]
    assert sound(any_world)


def test_a_look_before_four_leaves_last_night_s_counter_open(any_world, time, look):
    any_world.open(any_world.loket_1)
    time.until(3, 58, days=1)
    length = any_world.head().seq

    counters = {each["name"]: each["open"] for each in look("/catalogue", "kiosk")["counters"]}
    before = any_world.head().seq
    time.until(4)
    after = {each["name"]: each["open"] for each in look("/catalogue", "kiosk")["counters"]}

    assert (counters["Loket 1"], before) == (True, length)
    assert after["Loket 1"] is False
    assert sound(any_world)


def test_the_end_of_the_day_expires_what_was_left_and_is_done_once(any_world, time):
    left = any_world.take(any_world.ktp)
    time.until(4, days=1)

    assert nights.end_days(any_world.db, any_world.mall_id) is True
    length = any_world.head().seq
    assert nights.end_days(any_world.db, any_world.mall_id) is False

    assert any_world.turn(left).state == State.EXPIRED
    assert any_world.head().seq == length
    assert {each.actor for each in any_world.events("turn_expired")} == {"scheduler"}
    assert sound(any_world)


def test_a_deed_at_three_of_the_third_day_closes_the_counter_of_the_first(any_world, time):
    any_world.open(any_world.loket_1)
    time.until(3, days=2)

    any_world.open(any_world.loket_4)

    assert [each.counter_id for each in any_world.events("counter_closed")] == [any_world.loket_1.id]
    assert sound(any_world)


def test_a_strange_clock_closes_nothing(any_world, time, look):
    any_world.open(any_world.loket_1)
    length = any_world.head().seq
    time.set_clock(days=2)

    counters = {each["name"]: each["open"] for each in look("/catalogue", "kiosk")["counters"]}

    with pytest.raises(DayNotConfirmed):
        nights.end_days(any_world.db, any_world.mall_id)
    assert (counters["Loket 1"], any_world.head().seq) == (True, length)


def test_nothing_is_asked_of_the_database_until_the_next_four(world, time, monkeypatch):
    one = nights.Nights(world.db)
    one.end()
    asked = []
    monkeypatch.setattr(world.db, "reading", lambda: asked.append(clock.now().astimezone(WIB).hour))

    for hour in (12, 23):
        time.until(hour)
        one.end()
    time.until(3, 59, days=1)
    one.end()

    assert asked == []
