"""What visitors read, in both languages."""

from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import kiosk
from kiosk import phrases

HOME = Path(kiosk.__file__).parent
CATALOGUE = HOME / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def test_every_sentence_has_its_english():
    with (CATALOGUE / "messages.po").open("rb") as source:
        english = read_po(source)

    missing = [
        message
        for _, _, message, _, _ in extract_from_dir(str(HOME), METHODS)
        if message not in english or not all(_strings(english[message].string))
    ]

    assert missing == []


def test_the_compiled_catalogue_is_the_one_that_people_edit():
    with (CATALOGUE / "messages.po").open("rb") as source, (CATALOGUE / "messages.mo").open("rb") as compiled:
        edited, shipped = read_po(source), read_mo(compiled)

    assert _sentences(edited) == _sentences(shipped)


def _sentences(catalogue):
    return {str(_strings(m.id)[0]): _strings(m.string) for m in catalogue if m.id}


def _strings(value):
    return (value,) if isinstance(value, str) else tuple(value)


@pytest.mark.parametrize(
    ("ahead", "language", "sentence"),
    [
        (0, "id", "Tidak ada antrean di depan Anda"),
        (1, "id", "1 orang di depan Anda"),
        (1, "en", "1 person ahead of you"),
        (7, "en", "7 people ahead of you"),
        (7, "xx", "7 orang di depan Anda"),
    ],
)
def test_people_ahead_are_said_in_the_visitors_language(ahead, language, sentence):
    assert phrases.people_ahead(ahead, language) == sentence


@pytest.mark.parametrize(
    ("wait", "language", "range_"),
    [
        ((20, 35), "id", "20 sampai 35 menit"),
        ((20, 35), "en", "20 to 35 minutes"),
        ((5, 5), "id", "kira-kira 5 menit"),
        ((0, 1), "id", "kurang dari 5 menit"),
        ((12, 31), "id", "10 sampai 35 menit"),
        ((0, 4), "en", "less than 5 minutes"),
    ],
)
def test_a_wait_is_a_range(wait, language, range_):
    assert phrases.minutes(*wait, language) == range_


@pytest.mark.parametrize(
    ("opens", "language", "sentence"),
    [
        ("2026-11-22T13:00:00+07:00", "id", "hari ini pukul 13.00 WIB"),
        ("2026-11-23T08:00:00+07:00", "id", "Senin pukul 08.00 WIB"),
        ("2026-11-23T08:00:00+07:00", "en", "on Monday at 08.00 WIB"),
        ("2026-12-07T08:00:00+07:00", "id", "Senin, 7 Desember 2026 pukul 08.00 WIB"),
    ],
)
def test_the_next_opening_is_as_near_as_it_is(opens, language, sentence):
    now = datetime.fromisoformat("2026-11-22T09:00:00+07:00")

    assert phrases.next_opening(datetime.fromisoformat(opens), now, "WIB", language) == sentence
