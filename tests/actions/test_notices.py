"""Notices in the small mall: where they are heard, and that a disturbance does not outlive its day."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from mpp.actions import notices
from mpp.actions.notices import RaiseDisturbance, RaiseEmergency
from mpp.domain.errors import AlreadyRaised, Invalid, NotRaised
from mpp.queries.boards import board
from mpp.queries.notices import notices as open_notices
from mpp.queries.reading import Reading

LIFTED = ("disturbance_lifted", "emergency_lifted")


def disturb(world, code="A", **said):
    return notices.raise_disturbance(world.command(world.budi), code, RaiseDisturbance(**said))


def alarm(world, code="merah"):
    return notices.raise_emergency(world.command(world.budi), code, RaiseEmergency(reason="medis"))


def shown(world, zone):
    with world.db.reading() as session:
        rows = board(Reading.of(session, world.mall, world.time.now()), zone).notices
    return [row.text for row in rows]


def raised(world):
    with world.db.reading() as session:
        return [row.kind for row in open_notices(session, world.mall, world.time.now())]


def zones(world, name):
    return [list(json.loads(event.sealed)["zones"]) for event in world.events(name)]


def test_a_disturbance_is_known_wherever_its_agency_waits_or_calls(world):
    disturb(world, "C", reason="sistem")

    assert zones(world, "disturbance_raised") == [["biru", "merah"]]
    assert shown(world, "biru") == shown(world, "merah") == ["Sistem Bapenda sedang gangguan."]


def test_an_emergency_is_known_in_its_zone(world):
    alarm(world)

    assert zones(world, "emergency_raised") == [["merah"]]
    assert (shown(world, "merah"), shown(world, "biru")) == (["Darurat, hubungi 119"], [])


def test_what_is_not_lifted_cannot_be_raised_again_and_what_is_lifted_can(world):
    disturb(world)
    with pytest.raises(AlreadyRaised):
        disturb(world)
    notices.lift_disturbance(world.command(world.budi), "A")
    disturb(world)

    notices.lift_disturbance(world.command(world.budi), "A")
    with pytest.raises(NotRaised):
        notices.lift_disturbance(world.command(world.budi), "A")


def test_an_expected_end_that_has_passed_is_not_promised_any_more(world, time):
    disturb(world, reason="pusat", until=time.now().replace(minute=40))
    assert shown(world, "merah") == [
        "Sistem pusat Disdukcapil sedang gangguan, diperkirakan pulih pukul 09.40 WIB."
    ]

    time.until(9, 40)

    assert shown(world, "merah") == ["Sistem pusat Disdukcapil sedang gangguan."]


def test_the_new_day_lifts_a_disturbance_and_no_emergency(world, time):
    disturb(world), alarm(world)

    time.until(7, 30, days=1)
    before = raised(world)
    world.open(world.loket_1)

    lifted = [(event.event, event.reason, event.agency) for event in world.events(*LIFTED)]
    assert lifted == [("disturbance_lifted", "day_ended", "A")]
    assert before == raised(world) == ["emergency"]
    disturb(world)


def test_a_disturbance_of_the_night_lasts_until_the_night_is_over(world, time):
    time.until(23, 50)
    disturb(world)

    time.until(1, 0, days=1)
    world.open(world.loket_1)
    assert raised(world) == ["disturbance"]

    time.until(4, 0)
    world.close(world.loket_1)
    assert raised(world) == []
    assert [event.reason for event in world.events("disturbance_lifted")] == ["day_ended"]


def test_a_pause_says_itself_on_the_board_until_its_end(world, time):
    world.open(world.loket_2)
    world.pause(world.loket_2, reason="istirahat", until=time.now().replace(minute=30))
    assert shown(world, "merah") == ["Loket 2 istirahat sampai 09.30 WIB"]

    time.until(9, 30)
    assert shown(world, "merah") == ["Loket 2 istirahat"]

    world.open(world.loket_2)
    assert shown(world, "merah") == []


FAR = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-12)))


def test_an_end_beyond_all_calendars_is_refused(world):
    world.open(world.loket_2)

    with pytest.raises(Invalid):
        world.pause(world.loket_2, until=FAR)
    with pytest.raises(Invalid):
        disturb(world, until=FAR)
