"""The slip: its bytes, read back by an interpreter of our own and by a QR reader that is not ours."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar.pyzbar import decode as read_codes

from kiosk import escpos, paper
from kiosk.slip import Slip, compose
from kiosk.text import fold
from tests.kiosk.mall import catalogue
from tests.kiosk.samples import SLIP, answer

CATALOGUE = catalogue()
COLUMNS = [48, 42, 32]


@pytest.mark.parametrize("columns", COLUMNS)
def test_every_service_of_the_mall_gives_a_slip_that_a_strict_reader_understands(columns):
    assert len(CATALOGUE["services"]) == 117

    for number, service in enumerate(CATALOGUE["services"], 1):
        given_answer = answer(service, number)
        slip = compose(given_answer, CATALOGUE)
        data = slip.to_escpos(columns)
        document = escpos.decode(data, columns)
        text = " ".join(line.text for line in document.lines)

        assert slip.label in text
        assert fold(slip.agency) in text
        assert fold(slip.service) in text
        assert document.millimetres < 140
        assert [code.data.decode() for code in read_codes(raster(document))] == [given_answer["url"]]
        assert data.startswith(b"\x1b@") and data.endswith(b"\x1dVB\x00")


def test_the_slip_says_everything_in_the_order_of_a_readers_eye():
    document = escpos.decode(SLIP.to_escpos(48), 48)

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
    assert isinstance(items[-1], escpos.Cut) and document.cuts == 1


def test_an_english_ticket_gets_an_english_slip():
    text = escpos.decode(replace(SLIP, language="en", ahead=1).to_escpos(48), 48).text

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
    document = escpos.decode(replace(SLIP, label=label).to_escpos(columns), columns)

    line = next(line for line in document.lines if line.text == label)
    assert line.size == (times, times)
    assert len(label) * (times + 1) > columns or times == 8


def test_no_code_is_printed_that_no_phone_could_reach():
    document = escpos.decode(replace(SLIP, url=None).to_escpos(48), 48)

    assert document.rasters == []
    assert "ponsel" not in document.text


def test_a_copy_says_so_in_large_letters():
    first, copy = (escpos.decode(slip.to_escpos(48), 48) for slip in (SLIP, SLIP.as_copy()))

    assert "SALINAN" not in first.text
    mark = next(line for line in copy.lines if "SALINAN" in line.text)
    assert mark.size == (2, 2)
    assert copy.lines[0] is mark


def test_requirements_that_do_not_fit_are_announced_not_dropped():
    long = tuple(
        f"Persyaratan nomor {number} dengan keterangan yang cukup panjang" for number in range(1, 20)
    )

    document = escpos.decode(replace(SLIP, bring=long).to_escpos(48), 48)

    assert "Persyaratan nomor 1 " in document.text
    assert "dan lainnya: tanyakan kepada petugas" in document.text
    assert document.millimetres < 140


@pytest.mark.parametrize("columns", COLUMNS)
def test_no_real_time_command_hides_in_the_picture(columns):
    for number in range(40):
        document = escpos.decode(
            replace(SLIP, url=f"https://mpp.example/t/{number:022d}").to_escpos(columns), columns
        )

        assert all(0x10 not in row for row in document.rasters[0].rows)


def test_the_journal_gives_back_the_same_slip():
    assert Slip.from_json(SLIP.to_json()) == SLIP


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

    document = escpos.decode(slip.to_escpos(columns), columns)

    assert all(line.width <= columns for line in document.lines)
    assert all(" " <= character <= "~" for line in document.lines for character in line.text)
    assert document.millimetres < 150


def test_the_picture_of_the_paper_shows_the_same_code():
    picture = Image.open(io.BytesIO(paper.png(escpos.decode(SLIP.to_escpos(48), 48))))

    assert [code.data.decode() for code in read_codes(picture.convert("L"))] == [SLIP.url]
    assert picture.width > 576 and picture.height > 800


def raster(document):
    item = document.rasters[0]
    picture = Image.frombytes("1", (item.width, item.dots), b"".join(item.rows))
    framed = Image.new("L", (item.width + 80, item.dots + 80), 255)
    framed.paste(picture.convert("L").point(lambda dot: 255 - dot), (40, 40))
    return framed
