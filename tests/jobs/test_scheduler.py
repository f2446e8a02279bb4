"""One process runs the jobs that are due by each mall's own clock, once, and catches up what was missed."""

from datetime import datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from mpp.db import Database
from mpp.doctor import jobs as doctor
from mpp.domain.appointment import Appointment, Booked
from mpp.domain.job import JobRun, Lease, Outcome
from mpp.domain.life import State
from mpp.jobs.lease import LENGTH, Holder
from mpp.jobs.register import JOBS, Job, daily, job, mall_job
from mpp.jobs.scheduler import AGAIN_AFTER, Scheduler
from tests.servers import wait_until
from tests.world import WIB

LATER = LENGTH + timedelta(seconds=1)


@pytest.fixture
def scheduler(any_world):
    return Scheduler(any_world.db)


@pytest.fixture
def declared():
    """Only what the test itself declares."""
    known = dict(JOBS)
    JOBS.clear()
    yield
    JOBS.clear()
    JOBS.update(known)


def run_all(scheduler) -> list[str]:
    due = scheduler.due()
    for each in due:
        scheduler.run(each)
    return [each.job.name for each in due]


def runs(world, name=None) -> list[JobRun]:
    with world.db.reading() as session:
        found = session.scalars(select(JobRun).order_by(JobRun.id)).all()
        return [each for each in found if name in (None, each.job)]


def words(world) -> list[str]:
    return [f"{each.word}: {each.sentence}" for each in doctor.examined(world.db)]


def booked(world, at) -> Appointment:
    return Appointment(
        id=1,
        mall_id=world.mall_id,
        queue_id=world.ktp.queue.id,
        service_id=world.ktp.id,
        day=at.date(),
        slot_at=at,
        state=Booked.BOOKED,
        state_since=world.time.now(),
        code="ABC",
        token_hash=bytes(32),
        booked_by="console",
    )


def test_every_job_runs_at_the_first_look_and_is_not_due_again(any_world, scheduler):
    names = run_all(scheduler)

    assert names == [
        "end-day",
        "miss-appointments",
        "forget-notes",
        "forget-intents",
        "forget-runs",
        "look-at-database",
    ]
    assert scheduler.due() == []
    assert {each.outcome for each in runs(any_world)} == {Outcome.DONE}


def test_the_day_ends_at_four_of_the_malls_own_time(any_world, scheduler, time):
    left = any_world.take(any_world.ktp)
    run_all(scheduler)
    time.until(3, 59, days=1)
    assert "end-day" not in run_all(scheduler)
    assert any_world.turn(left).state == State.WAITING

    time.until(4)
    assert "end-day" in run_all(scheduler)

    assert any_world.turn(left).state == State.EXPIRED
    assert runs(any_world, "end-day")[-1].due == time.now()


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 21), ("Asia/Makassar", 20), ("Asia/Jayapura", 19)]
)
def test_a_daily_time_is_that_of_the_mall_s_zone(zone, hour):
    midday = datetime(2026, 11, 23, 5, tzinfo=ZoneInfo("UTC"))

    due = Job("x", daily(time_of_day(4))).due_after(midday, ZoneInfo(zone))

    assert due.astimezone(ZoneInfo("UTC")) == midday.replace(hour=hour)


def test_what_was_missed_for_days_is_caught_up_once(any_world, scheduler, time):
    run_all(scheduler)
    time.forward(days=3)

    assert run_all(scheduler).count("end-day") == 1

    assert "end-day" not in [each.job.name for each in scheduler.due()]
    missed = runs(any_world, "end-day")[-1]
    assert missed.due.astimezone(WIB).isoformat() == "2026-11-24T04:00:00+07:00"
    assert missed.started == time.now()


def test_a_job_that_fails_is_noted_and_tried_again_and_stops_no_other(any_world, scheduler, declared, time):
    broken, done = [True], []

    @mall_job("breaks", daily(time_of_day(4)))
    def breaks(db, mall_id):
        if broken:
            raise RuntimeError("the printer is on fire")
        return "baik lagi"

    @job("goes on", daily(time_of_day(4)))
    def goes_on(db):
        done.append(1)
        return "selesai"

    run_all(scheduler)
    assert (done, runs(any_world)[0].outcome) == ([1], Outcome.FAILED)
    assert scheduler.due() == []
    assert any("gagal (RuntimeError('the printer is on fire'))" in each for each in words(any_world))

    broken.clear()
    time.forward(seconds=AGAIN_AFTER.total_seconds())
    assert run_all(scheduler) == ["breaks"]
    assert any("breaks" in each and each.startswith("baik") for each in words(any_world))


def test_a_strange_clock_is_refused_and_the_doctor_says_so(any_world, scheduler, time):
    any_world.take(any_world.ktp)
    run_all(scheduler)
    time.set_clock(days=2)

    run_all(scheduler)

    assert runs(any_world, "end-day")[-1].outcome == Outcome.FAILED
    assert any("end-day" in each and "gagal" in each for each in words(any_world))


def test_a_clock_that_is_set_right_again_stops_no_job(any_world, scheduler, time):
    time.set_clock(days=400)
    run_all(scheduler)
    time.set_clock(days=-400)
    time.until(4, days=1)

    assert "end-day" in run_all(scheduler)
    assert runs(any_world, "end-day")[-1].outcome == Outcome.DONE


def test_only_one_of_two_processes_runs_a_job(any_world, scheduler, time):
    other = Scheduler(Database(any_world.settings))
    due = scheduler.due()

    for each in due:
        scheduler.run(each)
        other.run(each)

    assert len(runs(any_world)) == len(due)


def test_another_takes_over_when_the_holder_is_gone_and_the_first_holds_it_no_more(world, time):
    first, second = Holder(world.db, "scheduler"), Holder(Database(world.settings), "scheduler")
    assert (first.hold(), second.hold(), first.fence) == (True, False, 1)

    time.forward(seconds=LATER.total_seconds())
    assert (second.hold(), second.fence) == (True, 2)

    with world.db.jotting() as session:
        assert not first.still_holds(session)
    assert first.hold() is False


def test_a_lease_that_ran_out_is_free_whatever_the_clocks_of_its_machines_say(any_world, time):
    first, second = Holder(any_world.db, "scheduler"), Holder(Database(any_world.settings), "scheduler")
    assert (first.hold(), second.hold()) == (True, False)
    with any_world.db.jotting() as session:
        lease = session.scalars(select(Lease)).one()
        lease.until -= LATER

    assert (second.hold(), second.fence) == (True, 2)


def test_a_lease_from_a_clock_that_ran_ahead_holds_nobody_up(any_world, time):
    first, second = Holder(any_world.db, "scheduler"), Holder(Database(any_world.settings), "scheduler")
    first.hold()
    with any_world.db.jotting() as session:
        lease = session.scalars(select(Lease)).one()
        lease.until += timedelta(days=400)

    assert second.hold() is True


def test_a_run_that_was_broken_off_is_done_again(any_world, scheduler, time):
    run_all(scheduler)
    with any_world.db.jotting() as session:
        session.execute(update(JobRun).where(JobRun.job == "end-day").values(outcome=None, finished=None))
    assert any("end-day" in each and "terputus" in each for each in words(any_world))

    time.forward(seconds=AGAIN_AFTER.total_seconds())
    assert "end-day" in run_all(scheduler)


def test_the_doctor_says_when_no_job_ever_ran_and_when_one_is_late(any_world, scheduler, time):
    assert words(any_world) == [
        "perhatian: Pekerjaan terjadwal belum pernah berjalan; dimulai sendiri oleh mpp serve."
    ]
    run_all(scheduler)
    assert all(each.startswith("baik: Pekerjaan ") for each in words(any_world))

    time.forward(days=2)

    late = [each for each in words(any_world) if "end-day" in each]
    assert ["terlambat sejak 24 November 2026, pukul 04.00 WIB" in each for each in late] == [True]


def test_an_unclaimed_appointment_is_missed_without_any_deed(any_world, scheduler, time):
    any_world.take(any_world.ktp)
    run_all(scheduler)
    with any_world.db.jotting() as session:
        session.add(booked(any_world, time.now() + timedelta(minutes=30)))
    time.forward(hours=2)

    assert "miss-appointments" in run_all(scheduler)

    assert any_world.one(select(Appointment.state)) == Booked.MISSED
    assert runs(any_world, "miss-appointments")[-1].words == "1 janji temu terlewat"


def test_the_scheduler_s_own_thread_runs_what_is_due(world):
    scheduler = Scheduler(world.db)

    scheduler.start()

    wait_until(
        lambda: [each.outcome for each in runs(world)].count(Outcome.DONE) == len(JOBS), 10, "all jobs"
    )
    scheduler.stop()
