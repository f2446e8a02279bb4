"""What holds for any hours at any moment: open is open on all levels, the next opening is the first one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mpp.domain.hours import DayHours, Schedule, openness
from mpp.domain.schedule_json import schedule_from_json, schedule_to_json

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
HALF_HOURS = st.integers(0, 46).flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, 47)))


def half_hour(count: int) -> time:
    return time(count // 2, 30 * (count % 2))


@st.composite
def day_hours(draw) -> DayHours:
    opens, closes = draw(HALF_HOURS)
    breaks = ()
    if closes - opens >= 3 and draw(st.booleans()):
        start = draw(st.integers(opens, closes - 1))
        breaks = ((half_hour(start), half_hour(draw(st.integers(start + 1, closes)))),)
    return DayHours(half_hour(opens), half_hour(closes), breaks)


NEAR_DATES = st.dates(date(2026, 11, 20), date(2026, 12, 6))
WEEKS = st.dictionaries(st.integers(0, 6), st.none() | day_hours())


@st.composite
def schedules(draw, widest: bool = False) -> Schedule:
    week = draw(
        st.fixed_dictionaries({day: st.none() | day_hours() for day in range(7)}) if widest else WEEKS
    )
    return Schedule(
        week=week,
        last_number_minutes=draw(st.sampled_from([None, 0, 30, 90])),
        stops_at_break=draw(st.booleans()),
        rotating_breaks=draw(st.booleans()),
        closed_dates=draw(st.dictionaries(NEAR_DATES, st.just("Libur"), max_size=3)),
        open_dates=draw(st.dictionaries(NEAR_DATES, day_hours(), max_size=2)),
    )


LEVELS = st.tuples(schedules(widest=True), schedules(), schedules())
MOMENTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 5), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=300, deadline=None)
@given(now=MOMENTS, zone=st.sampled_from([WIB, WITA, WIT]), levels=LEVELS)
def test_open_means_inside_the_window_of_every_level_that_is_not_set_aside(now, zone, levels):
    state = openness(now, zone, *levels)

    assert state.open == (state.reason is None)
    local = now.astimezone(zone)
    forced = max((n for n, level in enumerate(levels) if local.date() in level.open_dates), default=-1)
    for place, level in enumerate(levels):
        hours = level.open_dates.get(local.date()) or (level.week or {}).get(local.date().weekday())
        closed = local.date() not in level.open_dates and (
            local.date() in level.closed_dates
            or (local.date().weekday() in (level.week or {}) and hours is None)
        )
        if state.open and place >= forced:
            assert not closed
        if state.open and hours is not None and not closed:
            assert hours.opens <= local.time() < hours.closes


@settings(max_examples=150, deadline=None)
@given(now=MOMENTS, levels=LEVELS)
def test_the_next_opening_is_the_first_moment_that_is_open(now, levels):
    state = openness(now, WIB, *levels)
    if state.open or state.next_opening is None:
        return

    assert state.next_opening > now
    assert openness(state.next_opening, WIB, *levels).open
    assert not openness(state.next_opening - timedelta(seconds=1), WIB, *levels).open
    step, moment = timedelta(minutes=30), now.astimezone(WIB).replace(minute=0, second=0, microsecond=0)
    for count in range(1, 100):
        if not now < moment + count * step < state.next_opening:
            continue
        assert not openness(moment + count * step, WIB, *levels).open


@settings(max_examples=100, deadline=None)
@given(schedule=schedules())
def test_any_schedule_survives_the_database(schedule):
    assert schedule_from_json(schedule_to_json(schedule)) == schedule
