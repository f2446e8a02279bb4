"""The slip: its bytes, read back by an interpreter of our own and by a QR reader that is not ours."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar.pyzbar import decode as read_codes

from kiosk.catalogue import Catalogue
from kiosk.printing.document import Cut
from kiosk.printing.escpos_reader import decode
from kiosk.printing.slip import Slip
from kiosk.printing.slip_builder import slip_of
from kiosk.printing.slip_escpos import escpos
from kiosk.printing.slip_picture import png
from kiosk.text import fold
from kiosk.ticket import Ticket
from tests.kiosk.mall import catalogue
from tests.kiosk.samples import SLIP, answer

CATALOGUE = catalogue()
MALL = Catalogue.model_validate(CATALOGUE)
COLUMNS = [48, 42, 32]


def ticket(*codes):
    """What the server answers for a route."""
    given = answer(next(row for row in CATALOGUE["services"] if row["code"] == codes[0]))
    given["turns"] = []
    for code in codes:
        service = next(row for row in CATALOGUE["services"] if row["code"] == code)
        if given["turns"] and given["turns"][-1]["queue"] == service["queue"]:
            given["turns"][-1]["matters"].append(code)
            continue
        agency = next(row for row in CATALOGUE["agencies"] if row["code"] == service["agency"])
        first = not given["turns"]
        turn = answer(service)["turns"][0] | {"zone": agency["zone"], "matters": [code]}
        given["turns"].append(turn if first else turn | {"state": "planned", "ahead": None, "wait": None})
    return given


def compose(given):
    return slip_of(Ticket.model_validate(given), MALL)


ROUTE = compose(ticket("A-01", "B-01", "F-01"))


@pytest.mark.parametrize("columns", COLUMNS)
def test_every_service_of_the_mall_gives_a_slip_that_a_strict_reader_understands(columns):
    assert len(CATALOGUE["services"]) == 117

    for number, service in enumerate(CATALOGUE["services"], 1):
        given_answer = answer(service, number)
        slip = compose(given_answer)
        data = escpos(slip, columns)
        document = decode(data, columns)
        text = " ".join(line.text for line in document.lines)

        assert slip.label in text
        assert fold(slip.agency) in text
        assert fold(slip.service) in text
        assert document.millimetres < 140
        assert [code.data.decode() for code in read_codes(raster(document))] == [given_answer["url"]]
        assert data.startswith(b"\x1b@") and data.endswith(b"\x1dVB\x00")


def test_a_slip_promises_no_wait_while_no_counter_is_open():
    text = decode(escpos(replace(SLIP, wait=None), 48), 48).text

    assert "Belum ada loket buka" in text and "Perkiraan tunggu" not in text


def test_the_slip_says_everything_in_the_order_of_a_readers_eye():
    document = decode(escpos(SLIP, 48), 48)

    text = document.text
    wanted = [
        "Mal Pelayanan Publik Kota Sagara",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "Perekaman dan pencetakan KTP-el baru",
        "AA-012",
        "Zona Merah, lantai 1",
        "4 orang di depan Anda",
        "Perkiraan tunggu: 20 sampai 35 menit",
        "Pantau giliran dari ponsel",
        "Yang perlu dibawa",
        "- Kartu Keluarga",
        "Minggu, 22 November 2026, 13.05 WIB - a1b2c3",
    ]
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)
    items = document.items
    label = next(i for i, item in enumerate(items) if getattr(item, "text", "") == "AA-012")
    assert label < items.index(document.rasters[0])
    assert isinstance(items[-1], Cut) and document.cuts == 1


def test_an_english_ticket_gets_an_english_slip():
    text = decode(escpos(replace(SLIP, language="en", ahead=1), 48), 48).text

    assert "Zona Merah, floor 1" in text
    assert "1 person ahead of you" in text
    assert "Expected wait: 20 to 35 minutes" in text
    assert "What to bring" in text
    assert "Sunday, 22 November 2026, 13.05 WIB" in text
    assert "Yang perlu dibawa" not in text


@pytest.mark.parametrize(
    ("label", "columns", "times"), [("AA-012", 48, 8), ("AA2-001", 48, 6), ("AA-012", 32, 5)]
)
def test_the_label_is_as_large_as_the_paper_allows(label, columns, times):
    document = decode(escpos(replace(SLIP, label=label), columns), columns)

    line = next(line for line in document.lines if line.text == label)
    assert line.size == (times, times)
    assert len(label) * (times + 1) > columns or times == 8


def test_no_code_is_printed_that_no_phone_could_reach():
    document = decode(escpos(replace(SLIP, url=None), 48), 48)

    assert document.rasters == []
    assert "ponsel" not in document.text


def test_a_copy_says_so_in_large_letters():
    first, copy = (decode(escpos(slip, 48), 48) for slip in (SLIP, SLIP.as_copy()))

    assert "SALINAN" not in first.text
    mark = next(line for line in copy.lines if "SALINAN" in line.text)
    assert mark.size == (2, 2)
    assert copy.lines[0] is mark


def test_a_copy_differs_by_its_mark_alone():
    for slip in (SLIP, ROUTE, replace(SLIP, bring=tuple(f"Syarat nomor {nth}" for nth in range(30)))):
        for columns in COLUMNS:
            first, copy = (decode(escpos(one, columns), columns).items for one in (slip, slip.as_copy()))

            assert "SALINAN" in copy[0].text and copy[0].size[1] == 2
            assert copy[1:] == first


def test_a_route_shows_its_stops_in_order_and_what_is_next():
    document = decode(escpos(ROUTE, 48), 48)

    lines = [line.text for line in document.lines]
    start = lines.index("Rute Anda")
    assert [line for line in lines[start + 1 :] if line[:1].isdigit()] == [
        "1. Disdukcapil, Zona Merah, lt.1",
        "2. Imigrasi, Zona Biru, lt.2 (berikutnya)",
        "3. BPJS Kes, Zona Hijau, lt.2",
    ]
    label = next(line for line in document.lines if line.text == "AA-012")
    assert label.size == (8, 8)
    items = document.items
    assert items.index(label) < items.index(document.rasters[0])


def test_on_the_way_the_slip_is_large_for_the_stop_that_comes_now():
    given = ticket("A-01", "B-01", "F-01")
    given["turns"][0]["state"] = "done"
    given["turns"][1] |= {"state": "waiting", "ahead": 2}

    document = decode(escpos(compose(given).as_copy(), 48), 48)

    assert "Kantor Imigrasi" in document.text and "2 orang di depan Anda" in document.text
    assert next(line.text for line in document.lines if line.text.startswith("Zona")) == "Zona Biru, lantai 2"
    places = [document.text.index(words) for words in ("(selesai)", "(sekarang)", "(berikutnya)")]
    assert places == sorted(places)
    assert "AA-012" in document.text, "the label never changes"


def test_a_stop_that_was_cancelled_is_not_on_the_route():
    given = ticket("A-01", "B-01", "F-01")
    given["turns"][1]["state"] = "cancelled"

    text = decode(escpos(compose(given), 48), 48).text

    assert "Imigrasi" not in text and "2. BPJS Kes, Zona Hijau, lt.2 (berikutnya)" in text


def test_several_matters_of_one_turn_all_stand_on_the_slip():
    text = decode(escpos(compose(ticket("A-01", "A-02")), 48), 48).text

    assert "Perekaman dan pencetakan KTP-el baru" in text and "Penggantian KTP-el hilang" in text
    assert "Rute Anda" not in text


@pytest.mark.parametrize("columns", COLUMNS)
def test_three_stops_stay_under_fourteen_centimetres_whatever_they_are(columns):
    services = CATALOGUE["services"]
    for number in range(0, len(services), 4):
        codes = [services[(number * step + step) % len(services)]["code"] for step in (1, 38, 77)]
        slip = compose(ticket(*codes))
        for one in (slip, slip.as_copy()):
            document = decode(escpos(one, columns), columns)
            text = " ".join(line.text.strip() for line in document.lines)

            assert document.millimetres < 140, codes
            assert all(f"{nth}. {fold(stop.agency)}" in text for nth, stop in enumerate(slip.route, 1)), codes
            assert [code.data.decode() for code in read_codes(raster(document))] == [slip.url]


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_route_of_eight_loses_no_stop(columns):
    slip = compose(ticket("A-01", "B-01", "C-01", "D-01", "E-01", "F-01", "G-01", "H-01"))

    text = " ".join(line.text for line in decode(escpos(slip, columns), columns).lines)

    assert all(f"{nth}. {fold(stop.agency)}" in text for nth, stop in enumerate(slip.route, 1))


def test_requirements_that_do_not_fit_are_announced_not_dropped():
    long = tuple(
        f"Persyaratan nomor {number} dengan keterangan yang cukup panjang" for number in range(1, 20)
    )

    document = decode(escpos(replace(SLIP, bring=long), 48), 48)

    assert "Persyaratan nomor 1 " in document.text
    assert "dan lainnya: tanyakan kepada petugas" in document.text
    assert document.millimetres < 140


@pytest.mark.parametrize("columns", COLUMNS)
def test_no_real_time_command_hides_in_the_picture(columns):
    for number in range(40):
        document = decode(escpos(replace(SLIP, url=f"https://mpp.example/t/{number:022d}"), columns), columns)

        assert all(0x10 not in row for row in document.rasters[0].rows)


def test_the_journal_gives_back_the_same_slip():
    for slip in (SLIP, ROUTE):
        assert Slip.from_json(slip.to_json()) == slip


anything = st.text(max_size=90)


@settings(max_examples=80, deadline=None)
@given(
    mall=anything,
    agency=anything,
    service=anything,
    zone=anything,
    label=st.text(min_size=1, max_size=16),
    timezone=st.text(max_size=6),
    head=st.text(max_size=12),
    bring=st.lists(anything, max_size=8),
    ahead=st.integers(0, 100_000),
    columns=st.sampled_from(COLUMNS),
    language=st.sampled_from(["id", "en", "xx"]),
)
def test_whatever_the_data_holds_no_byte_and_no_width_surprises_the_printer(columns, bring, **fields):
    slip = replace(SLIP, bring=tuple(bring), **fields)

    document = decode(escpos(slip, columns), columns)

    assert all(line.width <= columns for line in document.lines)
    assert all(" " <= character <= "~" for line in document.lines for character in line.text)
    assert document.millimetres < 150


def test_the_picture_of_the_paper_shows_the_same_code():
    picture = Image.open(io.BytesIO(png(decode(escpos(SLIP, 48), 48))))

    assert [code.data.decode() for code in read_codes(picture.convert("L"))] == [SLIP.url]
    assert picture.width > 576 and picture.height > 800


def raster(document):
    item = document.rasters[0]
    picture = Image.frombytes("1", (item.width, item.dots), b"".join(item.rows))
    framed = Image.new("L", (item.width + 80, item.dots + 80), 255)
    framed.paste(picture.convert("L").point(lambda dot: 255 - dot), (40, 40))
    return framed
