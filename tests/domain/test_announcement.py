"""Calls are read aloud as Indonesians read numbers and letters."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import display
from mpp.domain.announcement import DIGITS, announcement, letters, number_words

NUMBERS = {
    0: "nol",
    1: "satu",
    2: "dua",
    3: "tiga",
    4: "empat",
    5: "lima",
    6: "enam",
    7: "tujuh",
    8: "delapan",
    9: "sembilan",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    25: "dua puluh lima",
    99: "sembilan puluh sembilan",
    100: "seratus",
    101: "seratus satu",
    110: "seratus sepuluh",
    111: "seratus sebelas",
    199: "seratus sembilan puluh sembilan",
    200: "dua ratus",
    215: "dua ratus lima belas",
    999: "sembilan ratus sembilan puluh sembilan",
    1000: "seribu",
    1001: "seribu satu",
    1111: "seribu seratus sebelas",
    2026: "dua ribu dua puluh enam",
    9999: "sembilan ribu sembilan ratus sembilan puluh sembilan",
}

LETTER_NAMES = {
    "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "ef", "G": "ge", "H": "ha", "I": "i",
    "J": "je", "K": "ka", "L": "el", "M": "em", "N": "en", "O": "o", "P": "pe", "Q": "ki", "R": "er",
    "S": "es", "T": "te", "U": "u", "V": "ve", "W": "we", "X": "eks", "Y": "ye", "Z": "zet",
}  # fmt: skip


@pytest.mark.parametrize(("number", "words"), NUMBERS.items())
def test_a_number_is_read_in_indonesian(number, words):
    assert " ".join(number_words(number)) == words


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_outside_of_the_range_is_refused(number):
    with pytest.raises(ValueError, match="between 0 and 9999"):
        number_words(number)


@given(st.integers(0, 9999))
def test_the_words_of_a_number_add_up_to_it(number):
    assert _value(number_words(number)) == number


def _value(words):
    total = part = 0
    for word in words:
        if word in DIGITS:
            part += DIGITS.index(word)
        elif word in ("sepuluh", "sebelas"):
            part += 10 + (word == "sebelas")
        elif word == "belas":
            part += 10
        elif word.startswith("se"):
            total += {"seratus": 100, "seribu": 1000}[word]
        else:
            total, part = total + part * {"puluh": 10, "ratus": 100, "ribu": 1000}[word], 0
    return total + part


@pytest.mark.parametrize(("letter", "name"), LETTER_NAMES.items())
def test_every_letter_is_read_by_its_indonesian_name(letter, name):
    assert letters(f"{letter}-001") == [name]


@pytest.mark.parametrize(
    ("label", "read"),
    [("AA-012", "a a"), ("E-027", "e"), ("AA2-001", "a a dua"), ("QX-1", "ki eks"), ("4K-10", "empat ka")],
)
def test_the_letters_of_a_label_are_read_one_by_one_with_the_digit_of_the_series(label, read):
    assert " ".join(letters(label)) == read


def test_a_call_names_letters_number_counter_and_agency():
    said = announcement("AA-012", "Loket 3", "Disdukcapil", 1)

    assert said.sentence == "Nomor antrean, a a, dua belas. Silakan menuju Loket 3, Disdukcapil."
    assert said.clips == (
        "nomor_antrean", "huruf_a", "huruf_a", "dua", "belas", "silakan_menuju", "loket", "tiga",
    )  # fmt: skip


def test_digit_style_reads_every_digit_with_its_zeros():
    said = announcement("AA-012", "Loket 1", "Disdukcapil", 1, style="digits")

    assert said.sentence == "Nomor antrean, a a, nol satu dua. Silakan menuju Loket 1, Disdukcapil."
    assert said.clips[3:6] == ("nol", "satu", "dua")


@pytest.mark.parametrize(
    ("nth", "first", "clip"),
    [(2, "Panggilan kedua.", "panggilan_kedua"), (3, "Panggilan terakhir.", "panggilan_terakhir"),
     (4, "Panggilan terakhir.", "panggilan_terakhir")],
)  # fmt: skip
def test_a_recall_says_so_first(nth, first, clip):
    said = announcement("E-027", "Loket 17", "Samsat", nth)

    assert said.sentence == (f"{first} Nomor antrean, e, dua puluh tujuh. Silakan menuju Loket 17, Samsat.")
    assert said.clips[:3] == (clip, "nomor_antrean", "huruf_e")


@pytest.mark.parametrize(
    ("name", "said", "clips"),
    [
        ("Loket 1", "Loket 1", ("loket", "satu")),
        ("Loket 12", "Loket 12", ("loket", "dua", "belas")),
        ("Loket Z1-07", "Loket 7", ("loket", "tujuh")),
        ("Loket 12A", "Loket 12A", ("loket", "dua", "belas", "huruf_a")),
        ("Loket 3 (lansia)", "Loket 3", ("loket", "tiga")),
        ("Meja 4", "Meja 4", ("loket", "empat")),
        ("Meja Informasi", "Meja Informasi", ("loket",)),
    ],
)
def test_a_counter_is_said_by_its_last_number(name, said, clips):
    call = announcement("Z-001", name, "Info MPP", 1)

    assert call.sentence.endswith(f"Silakan menuju {said}, Info MPP.")
    assert call.clips[call.clips.index("loket") :] == clips


@pytest.mark.parametrize(
    ("label", "words"),
    [("AA-1000", "seribu"), ("AA-1204", "seribu dua ratus empat"), ("AA-12345", "satu dua tiga empat lima")],
)
def test_numbers_past_999_are_read_too(label, words):
    assert f", {words}. " in announcement(label, "Loket 1", "Disdukcapil", 1).sentence


@pytest.mark.parametrize("label", ["", "AA", "AA012", "aa-012", "AA-", "-012", "AA-01X", "AA-012\n"])
def test_what_is_no_label_is_refused(label):
    with pytest.raises(ValueError, match="not a label"):
        announcement(label, "Loket 1", "Disdukcapil", 1)


@given(
    st.from_regex(r"[A-Z]{1,2}[0-9]?-[0-9]{1,5}", fullmatch=True),
    st.from_regex(r"Loket [A-Z]?[0-9]{0,4}[A-Z]?", fullmatch=True),
    st.integers(1, 5),
    st.sampled_from(["number", "digits"]),
)
def test_every_clip_that_a_call_may_need_is_in_the_voice_pack(label, counter, nth, style):
    assert {*announcement(label, counter, "Samsat", nth, style).clips} <= PACK


PACK = {*json.loads((Path(display.__file__).parent / "static/clips/clips.json").read_text())["clips"]}
