"""When numbers are given: opening, cutoff, breaks, holidays and the next opening, in all three time zones."""

import time as process_time
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest

from mpp.domain.hours import (
    DayHours,
    Period,
    Schedule,
    after_breaks,
    closed_sentence,
    openness,
    zone_label,
)
from mpp.domain.schedule_json import schedule_from_json, schedule_to_json

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
WEEKDAY = DayHours(time(8), time(15), ((time(12), time(13)),))
FRIDAY = DayHours(time(8), time(15), ((time(11, 30), time(13)),))
RAMADAN_DAY = DayHours(time(8), time(14), ((time(12), time(12, 30)),))
MALL = Schedule(
    week={0: WEEKDAY, 1: WEEKDAY, 2: WEEKDAY, 3: WEEKDAY, 4: FRIDAY, 5: None, 6: None},
    periods=(Period("Ramadan", date(2026, 2, 19), date(2026, 3, 20), {0: RAMADAN_DAY, 3: RAMADAN_DAY}),),
    numbers_from=time(7, 30),
    last_number_minutes=30,
    closed_dates={date(2026, 12, 24): "Cuti Bersama Hari Raya Natal", date(2026, 12, 25): "Hari Raya Natal"},
)
OPEN, BEFORE, CUTOFF, ENDED = (None, "before_opening", "after_cutoff", "day_ended")


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    """A moment such as "2026-11-23 07:30" (a Monday) in the mall's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def only(*days: int) -> Schedule:
    """Served on these weekdays, at the hours of the levels above."""
    return Schedule(week={day: None for day in range(7) if day not in days})


def sentence(text: str, *levels: Schedule, zone: ZoneInfo = WIB, language: str = "id") -> str:
    now = at(text, zone)
    return closed_sentence(openness(now, zone, *levels), now, zone, language)


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("00:00:00", BEFORE),
        ("07:29:59", BEFORE),
        ("07:30:00", OPEN),
        ("08:00:00", OPEN),
        ("12:30:00", OPEN),
        ("14:29:59", OPEN),
        ("14:30:00", CUTOFF),
        ("14:59:59", CUTOFF),
        ("15:00:00", ENDED),
        ("23:59:59", ENDED),
    ],
)
def test_numbers_are_given_from_half_past_seven_until_half_an_hour_before_closing(clock, reason):
    state = openness(at(f"2026-11-23 {clock}"), WIB, MALL)

    assert (state.open, state.reason) == (reason is None, reason)


def test_the_window_is_told_as_instants():
    state = openness(at("2026-11-20 10:00"), WIB, MALL)

    assert state.numbers_from == at("2026-11-20 07:30")
    assert (state.opens, state.cutoff, state.closes) == (
        at("2026-11-20 08:00"),
        at("2026-11-20 14:30"),
        at("2026-11-20 15:00"),
    )
    assert state.breaks == ((at("2026-11-20 11:30"), at("2026-11-20 13:00")),)
    assert state.next_opening is None


def test_the_friday_break_does_not_stop_numbers():
    assert openness(at("2026-11-20 12:00"), WIB, MALL).open


@pytest.mark.parametrize(
    ("clock", "reason"),
    [("11:29:59", OPEN), ("11:30:00", "break"), ("12:59:59", "break"), ("13:00:00", OPEN)],
)
def test_the_friday_break_stops_numbers_where_the_agency_says_so(clock, reason):
    agency = Schedule(stops_at_break=True)

    state = openness(at(f"2026-11-20 {clock}"), WIB, MALL, agency)

    assert state.reason == reason
    if reason:
        assert state.next_opening == at("2026-11-20 13:00")


def test_officers_who_take_turns_have_no_break():
    agency = Schedule(rotating_breaks=True, stops_at_break=True)

    state = openness(at("2026-11-20 12:00"), WIB, MALL, agency)

    assert state.open
    assert state.breaks == ()


def test_an_agency_rests_at_its_own_time():
    own = DayHours(time(8), time(15), ((time(11), time(11, 45)),))

    state = openness(at("2026-11-23 10:00"), WIB, MALL, Schedule(week={0: own}))

    assert state.breaks == ((at("2026-11-23 11:00"), at("2026-11-23 11:45")),)


def test_in_ramadan_the_mall_closes_earlier_and_rests_shorter():
    state = openness(at("2026-02-19 13:29"), WIB, MALL)
    assert state.open
    assert state.breaks == ((at("2026-02-19 12:00"), at("2026-02-19 12:30")),)

    assert openness(at("2026-02-19 13:30"), WIB, MALL).reason == CUTOFF
    assert openness(at("2026-02-18 13:30"), WIB, MALL).open


def test_a_weekday_that_the_period_does_not_name_stays_as_usual():
    assert openness(at("2026-02-20 10:00"), WIB, MALL).closes == at("2026-02-20 15:00")


def test_a_holiday_and_a_joint_leave_day_are_named():
    holiday = openness(at("2026-12-25 09:00"), WIB, MALL)
    leave = openness(at("2026-12-24 09:00"), WIB, MALL)

    assert (holiday.reason, holiday.holiday) == ("holiday", "Hari Raya Natal")
    assert (leave.reason, leave.holiday) == ("holiday", "Cuti Bersama Hari Raya Natal")


def test_the_next_opening_lies_behind_joint_leave_holiday_and_weekend():
    assert openness(at("2026-12-23 16:00"), WIB, MALL).next_opening == at("2026-12-28 07:30")


def test_a_mall_forced_open_on_a_holiday_is_open_with_the_hours_of_that_date():
    forced = replace(MALL, open_dates={date(2026, 12, 25): DayHours(time(9), time(12))})

    state = openness(at("2026-12-25 09:00"), WIB, forced, Schedule(), only(0, 1, 2, 3, 4))

    assert state.open
    assert (state.opens, state.closes) == (at("2026-12-25 09:00"), at("2026-12-25 12:00"))


def test_an_agency_forced_open_on_a_holiday_opens_alone():
    agency = Schedule(open_dates={date(2026, 12, 25): DayHours(time(9), time(12))})

    assert openness(at("2026-12-25 10:00"), WIB, MALL, agency).open
    assert openness(at("2026-12-25 10:00"), WIB, MALL, Schedule()).reason == "holiday"


def test_a_forced_date_does_not_widen_the_hours_of_an_open_mall():
    agency = Schedule(open_dates={date(2026, 11, 23): DayHours(time(6), time(20))})

    assert openness(at("2026-11-23 16:00"), WIB, MALL, agency).reason == ENDED


def test_a_service_of_one_weekday_is_closed_on_the_others():
    service = only(2)

    assert openness(at("2026-11-25 09:00"), WIB, MALL, service).open
    tuesday = openness(at("2026-11-24 09:00"), WIB, MALL, Schedule(), Schedule(), service)
    assert (tuesday.reason, tuesday.next_opening) == ("closed_today", at("2026-11-25 07:30"))


def test_an_inactive_level_closes_everything_below_it():
    state = openness(at("2026-11-23 09:00"), WIB, MALL, Schedule(active=False), Schedule(always=True))

    assert (state.open, state.reason, state.next_opening) == (False, "inactive", None)


def test_the_day_is_the_common_part_of_all_levels():
    agency = Schedule(week={0: DayHours(time(9), time(14))})
    service = Schedule(week={0: DayHours(time(7), time(13))}, last_number_minutes=60)

    state = openness(at("2026-11-23 09:00"), WIB, MALL, agency, Schedule(), service)

    assert (state.opens, state.cutoff, state.closes) == (
        at("2026-11-23 09:00"),
        at("2026-11-23 12:00"),
        at("2026-11-23 13:00"),
    )
    assert state.numbers_from == at("2026-11-23 08:30")


def test_hours_that_never_meet_are_a_closed_day():
    evening = Schedule(week={0: DayHours(time(16), time(20))})

    state = openness(at("2026-11-23 09:00"), WIB, MALL, evening)

    assert (state.reason, state.opens) == ("closed_today", None)


def test_always_frees_a_level_and_those_below_it():
    night = at("2026-12-25 02:00")

    assert openness(night, WIB, replace(MALL, always=True), only(2), Schedule(stops_at_break=True)).open
    assert openness(night, WIB, MALL, Schedule(always=True)).reason == "holiday"


def test_nobody_saying_anything_is_closed():
    state = openness(at("2026-11-23 09:00"), WIB, Schedule())

    assert (state.reason, state.next_opening) == ("closed_today", None)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        openness(datetime(2026, 11, 23, 9), WIB, MALL)  # noqa: DTZ001


@pytest.mark.parametrize(
    "bad", [(15, 8, ()), (8, 8, ()), (8, 15, ((7, 9),)), (8, 15, ((14, 16),)), (8, 15, ((13, 12),))]
)
def test_hours_that_run_backwards_are_refused(bad):
    opens, closes, breaks = bad

    with pytest.raises(ValueError, match="forwards"):
        DayHours(time(opens), time(closes), tuple((time(a), time(b)) for a, b in breaks))


@pytest.mark.parametrize(("zone", "label", "utc"), [(WIB, "WIB", 0), (WITA, "WITA", -1), (WIT, "WIT", -2)])
def test_each_zone_opens_at_its_own_half_past_seven(zone, label, utc):
    opening = datetime(2026, 11, 23, 0, 30, tzinfo=UTC) + timedelta(hours=utc)

    assert zone_label(zone) == label
    assert openness(opening, zone, MALL).open
    early = openness(opening - timedelta(seconds=1), zone, MALL)
    assert (early.reason, early.next_opening) == (BEFORE, opening)
    assert label in closed_sentence(early, opening - timedelta(seconds=1), zone)


@pytest.mark.parametrize("server", ["UTC", "Asia/Jayapura", "America/New_York"])
def test_the_time_zone_of_the_server_changes_nothing(server, monkeypatch):
    monkeypatch.setenv("TZ", server)
    process_time.tzset()
    try:
        sunday_evening_utc = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)

        state = openness(sunday_evening_utc, WIT, MALL)
    finally:
        monkeypatch.undo()
        process_time.tzset()

    assert state.open
    assert state.numbers_from == at("2026-11-23 07:30", WIT)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23 06:00", "Belum buka. Buka hari ini pukul 07.30 WIB."),
        ("2026-11-23 14:30", "Tutup, sudah lewat batas pengambilan nomor. Buka lagi besok pukul 07.30 WIB."),
        ("2026-11-20 15:00", "Sudah tutup. Buka lagi Senin pukul 07.30 WIB."),
        ("2026-11-21 09:00", "Tutup hari ini. Buka lagi Senin pukul 07.30 WIB."),
        ("2026-12-25 09:00", "Tutup, hari libur Hari Raya Natal. Buka lagi Senin pukul 07.30 WIB."),
        ("2026-12-24 09:00", "Tutup, Cuti Bersama Hari Raya Natal. Buka lagi Senin pukul 07.30 WIB."),
    ],
)
def test_the_sentence_says_why_and_when_again(moment, words):
    assert sentence(moment, MALL) == words


def test_the_sentence_knows_breaks_far_dates_and_no_date_at_all():
    stops, mondays = Schedule(stops_at_break=True), only(0)
    assert (
        sentence("2026-11-20 12:00", MALL, stops) == "Sedang istirahat. Buka lagi hari ini pukul 13.00 WIB."
    )
    assert (
        sentence("2026-11-23 16:00", MALL, mondays)
        == "Sudah tutup. Buka lagi Senin, 30 November 2026 pukul 07.30 WIB."
    )
    assert sentence("2026-11-23 09:00", MALL, Schedule(active=False)) == "Sedang tidak tersedia."
    assert (
        sentence("2026-11-23 09:00", MALL, only())
        == "Tutup hari ini. Jadwal buka berikutnya belum ditetapkan."
    )
    assert sentence("2026-11-23 09:00", MALL) == ""


def test_the_sentence_is_english_where_asked():
    words = sentence("2026-11-20 15:00", MALL, language="en")

    assert words == "Closed for the day. Opens again Monday at 07:30 WIB."


@pytest.mark.parametrize(
    ("clock", "minutes", "expected"),
    [
        ("09:00", 30, 30),
        ("11:45", 15, 15),
        ("11:45", 16, 76),
        ("12:30", 10, 40),
        ("13:00", 10, 10),
        ("07:40", 10, 30),
    ],
)
def test_a_wait_that_meets_a_break_is_longer_by_the_break(clock, minutes, expected):
    state = openness(at("2026-11-23 09:00"), WIB, MALL)

    assert after_breaks(at(f"2026-11-23 {clock}"), minutes, state.breaks, state.opens) == expected


def test_a_schedule_survives_the_database():
    whole = replace(
        MALL,
        stops_at_break=True,
        rotating_breaks=True,
        active=False,
        always=True,
        open_dates={date(2026, 12, 25): WEEKDAY},
    )

    for schedule in (whole, MALL, Schedule(), only(2)):
        again = schedule_from_json(schedule_to_json(schedule))
        assert again == schedule
        assert hash(again) == hash(schedule)
    assert schedule_to_json(Schedule()) == {}


@pytest.mark.parametrize(
    "document",
    [
        {"week": 3},
        {"week": {"senin": None}},
        {"week": {"mon": {"opens": "15:00", "closes": "08:00"}}},
        {"numbers_from": 7},
        {"numbers_from": "25:00"},
        {"buka": True},
        {"open_dates": {"2026-13-01": {"opens": "08:00", "closes": "09:00"}}},
    ],
)
def test_a_document_that_is_no_schedule_is_refused(document):
    with pytest.raises(ValueError):
        schedule_from_json(document)


def test_asking_again_on_the_same_day_costs_next_to_nothing():
    now, levels = at("2026-11-22 09:00"), (MALL, only(0, 1), Schedule(), only(1))
    openness(now, WIB, *levels)

    assert min(repeat(lambda: openness(now, WIB, *levels), number=200, repeat=10)) / 200 < 30e-6
