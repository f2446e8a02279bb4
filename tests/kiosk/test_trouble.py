"""What is wrong in the hall is said before a number is taken, and the number can still be taken."""

from datetime import datetime, timedelta

import pytest

from tests.kiosk.mall import JAKARTA, catalogue

NOON = datetime.now(JAKARTA).replace(hour=12, minute=0, second=0, microsecond=0)
TEXT = "Jaringan Imigrasi sedang gangguan, diperkirakan pulih pukul 13.00 WIB."


def disturbance(text=TEXT, since=-170, until=60):
    return {
        "since": (NOON + timedelta(minutes=since)).isoformat(),
        "until": (NOON + timedelta(minutes=until)).isoformat() if until else None,
        "text": text,
    }


def hear(kiosk, mall, **changes):
    """The kiosk hears at noon what has changed."""
    mall.catalogue = catalogue(now=NOON, **changes)
    kiosk.catalogue.refresh()


def test_a_disturbance_is_marked_on_the_tile_and_said_in_full_before_the_number(client, kiosk, mall):
    hear(kiosk, mall, disturbed={"B": disturbance()})

    assert client.get("/").text.count("gangguan</span>") == 1
    for path in ("/instansi/B", "/layanan/B-01"):
        text = client.get(path).text
        assert f"{TEXT}</b> Gangguan sejak 09.10 WIB." in text
        assert "Nomor tetap dapat diambil; pelayanan menunggu sistem pulih." in text
    assert text.index(TEXT) < text.index("Ambil nomor")
    assert "gangguan" not in client.get("/layanan/A-01").text

    page, _ = client.take("B-01")
    assert 'data-label="BA-001"' in page.text


@pytest.mark.parametrize(
    ("notice", "language", "sentence"),
    [
        (disturbance(), "en", "The system of Imigrasi is down, probably until 13.00 WIB."),
        (disturbance(until=None), "en", "The system of Imigrasi is down."),
        (disturbance(text=None), "id", "Sistem Imigrasi sedang gangguan, diperkirakan sampai 13.00 WIB."),
        (disturbance(until=-5), "id", "Sistem Imigrasi sedang gangguan."),
    ],
)
def test_a_disturbance_is_said_in_the_visitors_language_and_never_promises_the_past(
    client, kiosk, mall, notice, language, sentence
):
    hear(kiosk, mall, disturbed={"B": notice})
    client.post("/bahasa", {**client.hidden(client.get("/"), "/bahasa"), "language": language})

    assert f"<b>{sentence}</b>" in client.get("/layanan/B-01").text


def test_a_disturbance_stands_at_its_stop_of_the_route(client, kiosk, mall):
    hear(kiosk, mall, disturbed={"B": disturbance()})
    client.add("A-01", "B-01")

    text = client.get("/rute").text

    assert text.index("Imigrasi") < text.index(TEXT) and "Ambil nomor" in text


def test_what_is_lifted_is_gone(client, kiosk, mall):
    hear(kiosk, mall, disturbed={"B": disturbance()}, emergency=["biru"])
    hear(kiosk, mall)

    assert "gangguan" not in client.get("/").text and "Keadaan darurat" not in client.get("/").text


def test_a_closed_agency_promises_no_number(client, kiosk, mall):
    hear(kiosk, mall, disturbed={"B": disturbance()}, closed_agencies={"B"})

    text = client.get("/layanan/B-01").text

    assert "Nomor tetap dapat diambil" not in text and "Buka lagi besok" in text


def test_an_emergency_shows_its_zone_and_whom_to_call_on_every_screen(client, kiosk, mall):
    hear(kiosk, mall, emergency=["biru"])
    page, _ = client.take("A-01")

    for text in (page.text, *(client.get(path).text for path in ("/", "/layanan/B-01", "/keadaan"))):
        band = text.split('class="band"')[1].split("</div>")[0]
        assert "Keadaan darurat di Zona Biru, lantai 2." in band and "<b>119</b>" in band


def test_the_remembered_catalogue_still_says_what_was_wrong(client, kiosk, mall):
    hear(kiosk, mall, disturbed={"B": disturbance()}, emergency=["biru"])
    mall.stop()
    kiosk.catalogue.refresh()

    kiosk.catalogue.current = kiosk.catalogue._stored()

    assert kiosk.catalogue.away and TEXT in client.get("/layanan/B-01").text
    assert "Keadaan darurat di Zona Biru" in client.get("/").text


def test_a_server_that_knows_no_notices_is_a_calm_hall(client, kiosk, mall):
    mall.catalogue = catalogue()
    del mall.catalogue["emergency"]
    for agency in mall.catalogue["agencies"]:
        del agency["disturbance"]
    kiosk.catalogue.refresh()

    assert not kiosk.catalogue.away
    assert "gangguan" not in client.get("/layanan/B-01").text
