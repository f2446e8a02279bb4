"""Appointments over the API: who may, what is answered, and that a booking becomes one number."""

from datetime import UTC, datetime, timedelta

import pytest

from mpp import clock
from tests.api.mall import TICKETS, code

PLACE = "/api/v1/appointments"


@pytest.fixture
def book(mall):
    """An appointment in some minutes; the mall of these tests is always open."""

    def make(minutes=1, service="A-01", who="greeter", **more):
        at = (clock.now() + timedelta(minutes=minutes)).isoformat()
        answer = mall.post(who, PLACE, {"service": service, "at": at}, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return make


def listed(mall, booked, who="supervisor"):
    rows = mall.get(who, f"{PLACE}?day={booked['day']}").json()["appointments"]
    return next((row for row in rows if row["id"] == booked["id"]), None)


def test_a_booking_is_answered_with_its_code_and_its_token_once(mall, book):
    booked = book()

    assert (booked["state"], booked["service"], booked["agency"]) == ("booked", "A-01", "A")
    assert len(booked["code"]) == 6 and len(booked["token"]) == 22
    row = listed(mall, booked)
    assert row["code"] == booked["code"]
    assert "token" not in row
    assert booked["token"] not in str(mall.events())


@pytest.mark.parametrize("who", ["greeter", "officer_a", "supervisor", "supervisor_a"])
def test_staff_of_the_agency_or_the_mall_may_book(book, who):
    assert book(who=who)["state"] == "booked"


@pytest.mark.parametrize(
    ("who", "status"), [("officer_b", 404), ("admin", 403), ("kiosk", 403), ("nobody", 401)]
)
def test_others_may_not(mall, who, status):
    at = (clock.now() + timedelta(minutes=5)).isoformat()

    assert mall.post(who, PLACE, {"service": "A-01", "at": at}).status_code == status


@pytest.mark.parametrize("who", ["kiosk", "greeter", "officer_a", "supervisor_a"])
def test_a_code_becomes_a_number_like_any_other(mall, book, who):
    booked = book()

    answer = mall.post(who, f"{PLACE}/check-in", {"code": booked["code"].lower(), "language": "en"})

    ticket = answer.json()
    assert answer.status_code == 201, answer.text
    assert {"id", "label", "token", "url", "day", "issued_at", "state", "turns", "slip"} <= set(ticket)
    assert (ticket["state"], ticket["language"]) == ("waiting", "en")
    assert mall.get("nobody", f"{TICKETS}/{ticket['token']}").json()["label"] == ticket["label"]
    row = listed(mall, booked)
    assert (row["state"], row["label"], row["may_check_in"]) == ("checked_in", ticket["label"], False)


def test_code_and_token_give_the_same_number(mall, book):
    booked = book()

    first = mall.post("kiosk", f"{PLACE}/check-in", {"token": booked["token"]})
    second = mall.post("kiosk_2", f"{PLACE}/check-in", {"code": booked["code"]})

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["token"] == first.json()["token"]


def test_too_early_says_from_when(mall, book):
    booked = book(minutes=120)

    refused = mall.post("kiosk", f"{PLACE}/check-in", {"code": booked["code"]})

    assert code(refused) == "too_early"
    opens = datetime.fromisoformat(refused.json()["next_opening"])
    assert opens == datetime.fromisoformat(booked["check_in_from"])


def test_an_unknown_code_is_absent_and_another_agencys_too(mall, book):
    booked = book()

    assert code(mall.post("kiosk", f"{PLACE}/check-in", {"code": "AAAAAA"})) == "unknown_appointment"
    other = mall.post("officer_b", f"{PLACE}/check-in", {"code": booked["code"]})
    assert (other.status_code, code(other)) == (404, "unknown_appointment")


@pytest.mark.parametrize(
    "body", [{}, {"code": "AAAAAA", "token": "B" * 22}, {"code": ""}, {"code": None}, {"code": "'"}]
)
def test_one_of_code_and_token_is_asked_for(mall, body):
    assert code(mall.post("kiosk", f"{PLACE}/check-in", body)) == "invalid"


def test_cancelled_is_over(mall, book):
    booked = book()

    answer = mall.post("greeter", f"{PLACE}/{booked['id']}/cancel")

    assert answer.json() == {"id": booked["id"], "state": "cancelled"}
    assert listed(mall, booked)["state"] == "cancelled"
    refused = mall.post("kiosk", f"{PLACE}/check-in", {"code": booked["code"]})
    assert (code(refused), refused.json()["state"]) == ("appointment_over", "cancelled")


def test_an_agency_sees_and_cancels_its_own_alone(mall, book):
    booked = book()

    assert listed(mall, booked, "officer_a") is not None
    assert listed(mall, booked, "officer_b") is None
    assert code(mall.post("officer_b", f"{PLACE}/{booked['id']}/cancel")) == "unknown_appointment"


@pytest.mark.parametrize("at", ["2026-13-01T10:00:00+07:00", "2026-11-23T10:00:00", "besok", 5])
def test_a_moment_needs_its_zone(mall, at):
    assert code(mall.post("greeter", PLACE, {"service": "A-01", "at": at})) == "invalid"


@pytest.mark.parametrize("year", [1, 1999, 2300, 9999])
def test_a_moment_far_away_is_refused_kindly(mall, year):
    at = datetime(year, 12, 31, 23, 59, tzinfo=UTC).isoformat()

    assert code(mall.post("greeter", PLACE, {"service": "A-01", "at": at})) == "wrong_slot"


def test_a_day_that_is_none_is_refused(mall):
    assert code(mall.get("greeter", f"{PLACE}?day=kemarin")) == "invalid"


def test_the_log_stays_sound(mall):
    mall.command("check")
