"""What the supervisor's page says of notices and pauses, and how it lays the zones out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from mpp import clock
from mpp.web.supervisor.pages import HEAD_ROWS, Band, columns

AGENCY, ZONE = "/api/v1/agencies/{}/disturbance", "/api/v1/zones/{}/emergency"


def soon(**parts):
    return (datetime.now(UTC) + timedelta(**parts)).isoformat(timespec="microseconds")


def band(code, rows):
    return Band(SimpleNamespace(code=code), [None] * rows, waiting=0)


def test_what_is_raised_stands_above_the_lines_and_goes_when_it_is_lifted(browser, tell):
    browser.sign_in("rina")
    tell(AGENCY.format("A"), {"reason": "sistem"})
    tell(ZONE.format("biru"), {"reason": "medis"})
    during = browser.get("/supervisor").text

    tell(AGENCY.format("A") + "/lift", {}), tell(ZONE.format("biru") + "/lift", {})
    after = browser.get("/supervisor").text

    assert "Sistem Disdukcapil sedang gangguan." in during
    assert "Darurat di Zona Biru" in during and "keadaan darurat medis" in during
    assert during.index("Darurat di Zona Biru") < during.index("Sistem Disdukcapil") < during.index("queue-")
    assert "Sudah pulih" not in after and "Akhiri darurat</button>" not in after.split("<dialog")[0]


def test_a_supervisor_of_one_agency_sees_its_disturbance_and_every_emergency(browser, tell):
    for agency in ("A", "E"):
        tell(AGENCY.format(agency), {"reason": "sistem"})
    tell(ZONE.format("biru"), {})
    browser.sign_in("sari")

    page = browser.get("/supervisor").text

    assert "Sistem Disdukcapil" in page and "Sistem Samsat" not in page
    assert "Darurat di Zona Biru" in page
    offered = page.split('id="ask-disturbance"')[1].split("</select>")[0]
    assert offered.count("<option") == 1
    for agency in ("A", "E"):
        tell(AGENCY.format(agency) + "/lift", {})
    tell(ZONE.format("biru") + "/lift", {})


def test_a_pause_says_why_and_until_when_and_an_overdue_one_stands_out(browser, hall, tell, real_clock):
    early, late = (f"/api/v1/counters/{hall.counter(name)}" for name in ("Loket 25", "Loket 26"))
    for place, reason, minutes in ((early, "rapat", 5), (late, "istirahat", 60)):
        tell(f"{place}/open", {})
        tell(f"{place}/pause", {"reason": reason, "until": soon(minutes=minutes)})
    browser.sign_in("rina")
    now = clock.now() + timedelta(minutes=17, seconds=30)
    clock.use(lambda: now)

    page = browser.get("/supervisor").text

    pauses = page.split('id="pauses"')[1].split("</section>")[0]
    first, second = pauses.split("<li")[1:]
    assert "data-over" in first and "Loket 25" in first and "rapat" in first and "lewat 12 menit" in first
    assert "data-over" not in second and "istirahat" in second
    assert "<dt>Loket jeda</dt><dd>2</dd>" in page


def test_two_columns_end_as_evenly_as_whole_zones_allow():
    bands = [band("lobi", 1), band("biru", 10), band("merah", 10), band("hijau", 5), band("kuning", 5)]

    left, right = columns(bands)

    assert left[0].zone.code == "lobi"
    heights = [sum(len(each.rows) + HEAD_ROWS for each in side) for side in (left, right)]
    assert max(heights) - min(heights) <= 1 + HEAD_ROWS
    assert len(left) + len(right) == 5


def test_one_zone_needs_one_column():
    assert [[each.zone.code for each in side] for side in columns([band("merah", 4)])] == [["merah"]]
    assert columns([]) == []
