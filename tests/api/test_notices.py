"""Disturbances and emergencies: who may raise and lift them, what everybody is told, when they end."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.mall import code

AGENCY = "/api/v1/agencies/{}/disturbance"
ZONE = "/api/v1/zones/{}/emergency"
STAFF = ["officer_a", "supervisor", "supervisor_a", "greeter", "admin"]


@pytest.fixture(autouse=True)
def calm(mall):
    """Whatever a test raised is lifted again."""
    yield
    for agency in ("A", "B"):
        mall.post("admin", AGENCY.format(agency) + "/lift")
    for zone in ("merah", "biru"):
        mall.post("admin", ZONE.format(zone) + "/lift")


def soon(**parts):
    return (datetime.now(UTC) + timedelta(**parts)).isoformat(timespec="seconds")


def catalogue(mall, **headers):
    return mall.get("kiosk", "/api/v1/catalogue", **headers)


def disturbance(mall, agency):
    rows = catalogue(mall).json()["agencies"]
    return next(row["disturbance"] for row in rows if row["code"] == agency)


def notices(mall, zone="merah"):
    return mall.get("supervisor", f"/api/v1/zones/{zone}/board").json()["notices"]


# A disturbance


@pytest.mark.parametrize("who", STAFF)
def test_whoever_works_there_tells_that_the_system_is_disturbed_and_that_it_works_again(mall, who):
    raised = mall.post(who, AGENCY.format("A"), {"reason": "sistem"})
    during = disturbance(mall, "A")
    lifted = mall.post(who, AGENCY.format("A") + "/lift")

    assert (raised.status_code, raised.json()["notice"]["open"]) == (200, True)
    assert during["text"] == "Sistem Disdukcapil sedang gangguan."
    assert (lifted.status_code, lifted.json()["notice"]["open"]) == (200, False)
    assert disturbance(mall, "A") is None


def test_the_sentence_says_when_it_should_be_over(mall):
    until = (datetime.now(UTC) + timedelta(minutes=5)).astimezone()

    mall.post("officer_a", AGENCY.format("A"), {"reason": "jaringan", "until": until.isoformat()})

    told = disturbance(mall, "A")
    assert told["text"].startswith("Jaringan Disdukcapil sedang gangguan, diperkirakan pulih ")
    assert told["text"].endswith(f"pukul {datetime.fromisoformat(told['until']):%H.%M} WIB.")


@pytest.mark.parametrize(
    "reason, words",
    [
        ("pusat", "Sistem pusat Disdukcapil sedang gangguan."),
        ("listrik", "Listrik Disdukcapil sedang gangguan."),
        ("banjir", "Layanan Disdukcapil sedang terganggu."),
        (None, "Layanan Disdukcapil sedang terganggu."),
    ],
)
def test_a_reason_is_said_in_words_and_an_unknown_one_gently(mall, reason, words):
    mall.post("officer_a", AGENCY.format("A"), {"reason": reason})

    assert disturbance(mall, "A")["text"] == words


def test_an_agencys_people_tell_only_of_their_own(mall):
    foreign = mall.post("officer_a", AGENCY.format("B"), {"reason": "sistem"})
    absent = mall.post("officer_a", AGENCY.format("Z"), {"reason": "sistem"})
    mall.post("officer_b", AGENCY.format("B"), {"reason": "sistem"})
    lifting = mall.post("officer_a", AGENCY.format("B") + "/lift")

    assert (foreign.status_code, code(foreign)) == (404, "unknown_agency")
    assert (absent.status_code, absent.json()) == (404, foreign.json())
    assert lifting.status_code == 404
    assert disturbance(mall, "B") is not None


def test_there_is_one_disturbance_at_a_time_in_an_agency(mall):
    mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem"})

    again = mall.post("supervisor", AGENCY.format("A"), {"reason": "jaringan"})
    other = mall.post("officer_b", AGENCY.format("B"), {"reason": "sistem"})

    assert (again.status_code, code(again)) == (409, "already_raised")
    assert other.status_code == 200


def test_what_is_not_raised_cannot_be_lifted(mall):
    answer = mall.post("officer_a", AGENCY.format("A") + "/lift")

    assert (answer.status_code, code(answer)) == (409, "not_raised")


@pytest.mark.parametrize("away", [{"minutes": -1}, {"days": 8}])
def test_an_expected_end_lies_ahead_and_within_a_week(mall, away):
    answer = mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem", "until": soon(**away)})

    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert disturbance(mall, "A") is None


def test_the_same_intent_raises_once_and_answers_twice(mall):
    intent = mall.intent()
    first = mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem"}, intent)

    again = mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem"}, intent)

    assert again.json() == first.json()
    assert len([event for event in mall.events() if event["event"] == "disturbance_raised"][-1:]) == 1
    assert mall.events()[-1]["seq"] == first.json()["seq"]


def test_the_catalogue_is_new_while_something_is_raised(mall):
    before = catalogue(mall).headers["ETag"]
    mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem"})
    disturbed = catalogue(mall, **{"If-None-Match": before})
    mall.post("greeter", ZONE.format("merah"), {})
    alarmed = catalogue(mall, **{"If-None-Match": disturbed.headers["ETag"]})
    mall.post("officer_a", AGENCY.format("A") + "/lift"), mall.post("greeter", ZONE.format("merah") + "/lift")

    assert (disturbed.status_code, alarmed.status_code) == (200, 200)
    assert catalogue(mall, **{"If-None-Match": before}).status_code == 304


# An emergency


@pytest.mark.parametrize("who", [*STAFF, "officer_b"])
def test_anybody_of_the_mall_calls_for_help_in_any_zone(mall, who):
    raised = mall.post(who, ZONE.format("merah"), {"reason": "medis"})
    during = catalogue(mall).json()["emergency"]
    shown = notices(mall)
    lifted = mall.post(who, ZONE.format("merah") + "/lift")

    since = raised.json()["notice"]["since"]
    assert during == [{"zone": "merah", "since": since, "number": "119"}]
    assert [(each["kind"], each["text"]) for each in shown] == [("emergency", "Darurat, hubungi 119")]
    assert lifted.status_code == 200
    assert (catalogue(mall).json()["emergency"], notices(mall)) == ([], [])


def test_an_emergency_is_shown_in_its_zone_alone(mall):
    mall.post("greeter", ZONE.format("merah"))

    assert notices(mall, "biru") == []
    assert mall.post("greeter", ZONE.format("biru")).status_code == 200
    assert mall.post("greeter", ZONE.format("ungu")).status_code == 404


@pytest.mark.parametrize("who", ["kiosk", "display"])
def test_no_device_raises_anything(mall, who):
    assert mall.post(who, AGENCY.format("A"), {"reason": "sistem"}).status_code == 403
    assert mall.post(who, ZONE.format("merah")).status_code == 403


@pytest.mark.parametrize("reason", ["081234567890", "nik-3273012345", "-", "a b", "x" * 21])
def test_a_reason_is_a_code_and_never_somebodys_number(mall, reason):
    answer = mall.post("officer_a", AGENCY.format("A"), {"reason": reason})

    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert disturbance(mall, "A") is None


# The log


def test_the_log_keeps_both_ends_and_no_word_of_a_person(mall):
    until = soon(minutes=5)
    mall.post("officer_a", AGENCY.format("A"), {"reason": "sistem", "until": until})
    mall.post("supervisor", AGENCY.format("A") + "/lift")
    mall.post("greeter", ZONE.format("merah"), {"reason": "medis"})
    mall.post("greeter", ZONE.format("merah") + "/lift")

    entries = mall.events()[-4:]
    assert [entry["event"] for entry in entries] == [
        *("disturbance_raised", "disturbance_lifted", "emergency_raised", "emergency_lifted")
    ]
    assert [entry["agency"] for entry in entries] == ["A", "A", None, None]
    assert [entry["reason"] for entry in entries] == ["sistem", None, "medis", None]
    assert [set(entry["facts"]) for entry in entries] == [{"notice", "until"}, *[{"notice"}] * 3]
    assert entries[0]["facts"]["notice"] == entries[1]["facts"]["notice"]


def test_all_that_was_raised_and_lifted_leaves_a_sound_log(mall):
    mall.command("check")
