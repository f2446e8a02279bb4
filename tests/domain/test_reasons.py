"""Reasons are codes in the log and words on the screens."""

import re

import pytest

from mpp.domain.reasons import OWN, REASONS, reason_words, reasons

EVERY = [(verb, code) for verb, words in REASONS.items() for code in words]


def test_the_same_code_has_the_words_of_its_verb():
    assert reason_words("park", "sistem") == "menunggu sistem"
    assert reason_words("disturbance", "sistem") == "gangguan sistem instansi"


def test_an_unknown_code_is_another_reason_and_no_code_on_a_screen():
    assert reason_words("pause", "ulang_tahun") == "alasan lain"
    assert reason_words("dance", "istirahat") == "alasan lain"


def test_without_a_reason_there_are_no_words():
    assert reason_words("pause", None) == ""


def test_what_the_program_logs_by_itself_has_words_too():
    assert reason_words("close", "day_ended") == "hari layanan berakhir"
    assert reason_words("transfer", "wrong_service") == reason_words("transfer", "salah_layanan")


def test_a_screen_offers_the_reasons_of_a_verb_in_their_order():
    assert list(reasons("pause")) == ["istirahat", "salat", "rapat", "gangguan_sistem", "lainnya"]


@pytest.mark.parametrize(("verb", "code"), [*EVERY, *(("", code) for code in OWN)])
def test_every_code_fits_into_the_log_and_its_words_into_a_sentence(verb, code):
    words = reason_words(verb, code)

    assert re.fullmatch(r"[A-Za-z0-9._-]{1,20}", code)
    assert words[0].islower()
    assert words == words.strip(" .!")
