"""People: who is added, what they may do beyond their role, and when their door closes."""

import json

import pytest
from sqlalchemy import select, update

from mpp.actions import devices, people, sessions
from mpp.actions.passwords import generated
from mpp.actions.people import NewPerson
from mpp.domain.errors import (
    AlreadyThere,
    Invalid,
    NobodyWaiting,
    NotAllowed,
    NotFound,
    NotYourself,
    UnknownKey,
    WrongMoment,
    WrongPassword,
)
from mpp.domain.people import Person, Right, Role
from mpp.history import examine
from tests.world import PASSWORD, somebody


def rights_of(world, name):
    return world.one(select(Person.rights).where(Person.name == name))


def added(world, name="lina", role=Role.OFFICER, agency=None, password=PASSWORD):
    return people.add(world.console, NewPerson(name, role, agency, password))


@pytest.mark.parametrize("hidden", "\u202e\u2066\u200b\u200d\ufeff\u00ad\n", ids=ascii)
def test_no_name_of_a_person_or_device_holds_what_nobody_sees(world, hidden):
    with pytest.raises(Invalid):
        added(world, name=f"li{hidden}na")
    with pytest.raises(Invalid):
        devices.add(world.console, "kiosk", f"anjungan{hidden}-2", ())


def test_a_right_is_granted_used_and_revoked(any_world):
    world = any_world
    world.take(world.ktp)
    later = world.take(world.ktp)
    world.open(world.loket_1)

    people.grant(world.command(somebody("person:9")), "budi", Right.CALL_CHOSEN)
    granted = world.officer("budi", rights=tuple(Right(each) for each in rights_of(world, "budi")))
    called = world.call(world.loket_1, later.turn, granted, reason="rentan")
    people.revoke(world.command(somebody("person:9")), "budi", Right.CALL_CHOSEN)

    assert called.label == later.label
    assert rights_of(world, "budi") == []
    told = [
        (event.event, event.actor, json.loads(event.sealed)["facts"])
        for event in world.events("right_granted", "right_revoked")
    ]
    about = {"person": world.budi.id, "right": "call_chosen"}
    assert told == [("right_granted", "person:9", about), ("right_revoked", "person:9", about)]
    with world.db.reading() as session:
        assert examine(session, world.mall_id).violations == []


def test_without_the_right_nobody_calls_out_of_order(world):
    taken = world.take(world.ktp)
    world.open(world.loket_1)

    with pytest.raises(NotAllowed):
        world.call(world.loket_1, taken.turn, world.budi, reason="rentan")


def test_granting_twice_and_revoking_nothing_leave_no_entry(world):
    people.grant(world.console, "budi", Right.CALL_CHOSEN)
    before = world.head().seq

    people.grant(world.console, "budi", Right.CALL_CHOSEN)
    people.revoke(world.console, "sari", Right.CALL_CHOSEN)

    assert world.head().seq == before


def test_an_admin_is_always_of_the_whole_mall(world):
    with pytest.raises(Invalid) as refused:
        added(world, role=Role.ADMIN, agency="A")

    assert refused.value.reason == "agency"


@pytest.mark.parametrize(
    "mistake, error, part",
    [
        ({"name": "budi"}, AlreadyThere, "name"),
        ({"name": ""}, Invalid, "name"),
        ({"name": " lina"}, Invalid, "name"),
        ({"name": "li\nna"}, Invalid, "name"),
        ({"name": "l" * 61}, Invalid, "name"),
        ({"agency": "Z"}, NotFound, "agency"),
        ({"password": "pendek"}, Invalid, "password"),
        ({"password": "aaaaaaaaaaaaaaaa"}, Invalid, "password"),
        ({"password": "lina-yang-manis"}, Invalid, "password"),
        ({"password": "Password-2026-x"}, Invalid, "password"),
    ],
)
def test_a_refusal_names_the_part_to_mend(world, mistake, error, part):
    before = world.head().seq

    with pytest.raises(error) as refused:
        added(world, **mistake)

    assert refused.value.reason == part
    assert world.head().seq == before


def test_nobody_shuts_the_door_from_inside(world):
    me = added(world, role=Role.ADMIN)

    with pytest.raises(NotYourself):
        people.disable(world.command(somebody(f"person:{me}")), "lina")

    assert world.one(select(Person.active).where(Person.id == me))


def test_a_visitor_of_somebody_who_is_disabled_is_left_to_the_next_officer(any_world):
    world = any_world
    lina = world.officer("lina", agency="A")
    visitor = world.take(world.ktp)
    world.open(world.loket_1, lina)
    world.call_next(world.loket_1, lina)

    people.disable(world.console, "lina")

    with pytest.raises(WrongMoment):
        world.start(world.loket_1, lina)
    with pytest.raises(UnknownKey):
        world.open(world.loket_1, lina)
    world.open(world.loket_1, world.sari)
    world.start(world.loket_1, world.sari)
    assert world.finish(world.loket_1, world.sari).label == visitor.label
    with world.db.reading() as session:
        assert examine(session, world.mall_id).violations == []


def test_the_check_finds_a_counter_that_somebody_disabled_holds(world):
    lina = world.officer("lina", agency="A")
    world.open(world.loket_1, lina)
    with world.db.jotting() as session:
        session.execute(update(Person).where(Person.id == lina.id).values(active=False))

    with world.db.reading() as session:
        found = [each.code for each in examine(session, world.mall_id).violations]

    assert found == ["held_by_disabled"]


def test_a_counter_of_somebody_who_is_disabled_keeps_no_visitor_waiting_for_it(any_world):
    """Kept for a counter whose holder has gone, a visitor is called at any counter of the line."""
    world = any_world
    lina = world.officer("lina", agency="A")
    visitor = world.take(world.ktp)
    world.open(world.loket_1, lina)
    world.open(world.loket_3, world.budi)
    world.call_next(world.loket_3, world.budi)
    world.transfer(world.loket_3, "AA", world.budi, counter=world.loket_1.id)
    with pytest.raises(NobodyWaiting):
        world.call_next(world.loket_3, world.budi)

    people.disable(world.console, "lina")

    assert world.call_next(world.loket_3, world.budi).label == visitor.label


def test_who_is_disabled_and_enabled_again_comes_in_with_the_old_password(any_world):
    world = any_world
    added(world)
    people.disable(world.console, "lina")
    with pytest.raises(WrongPassword):
        sessions.sign_in(world.db, "lina", PASSWORD)

    people.enable(world.console, "lina")

    assert sessions.sign_in(world.db, "lina", PASSWORD)
    with world.db.reading() as session:
        assert examine(session, world.mall_id).violations == []


def test_passwords_that_are_made_are_long_different_and_never_refused():
    made = [generated() for _ in range(200)]

    assert len(set(made)) == 200
    for each in made:
        people.check_password("lina", each)
        assert not set(each) & set("loiLOI01")
