"""Finding a service by the words that visitors use for it."""

import random

import pytest

from kiosk.catalogue import Catalogue
from tests.kiosk.mall import catalogue
from tests.phrases import PHRASES

MALL = Catalogue.model_validate(catalogue())
SAID = [(phrase, code) for code, phrases in PHRASES.items() for phrase in phrases]
WITHIN = 3


def found(query, mall=MALL):
    return [service.code for service in mall.find(query)]


@pytest.mark.parametrize(("phrase", "code"), SAID)
def test_what_people_say_finds_what_they_mean_within_the_first_three(phrase, code):
    assert code in found(phrase)[:WITHIN]


def test_most_of_what_people_say_finds_it_first_and_mistyped_within_the_first_three():
    first = [phrase for phrase, code in SAID if found(phrase)[:1] == [code]]
    chance = random.Random(3)
    mistyped = [(mistype(phrase, chance), code) for phrase, code in SAID if max(map(len, phrase.split())) > 4]
    forgiven = [phrase for phrase, code in mistyped if code in found(phrase)[:WITHIN]]

    assert len(SAID) >= 120
    assert len(first) / len(SAID) >= 0.95
    assert len(forgiven) / len(mistyped) >= 0.95


def mistype(phrase, chance):
    """The phrase with one letter left out, exchanged, wrong or too many in its longest word."""
    word = max(phrase.split(), key=len)
    at, other = chance.randrange(1, len(word) - 1), chance.choice("abcdefghijklmnopqrstuvwxyz")
    mistakes = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + other + word[at + 1 :],
        word[:at] + other + word[at:],
    )
    return phrase.replace(word, chance.choice(mistakes), 1)


@pytest.mark.parametrize("phrase", ["KK hilang", "buat SIM", "bikin KTP baru", "pajak bumi", "pajak rumah"])
def test_one_word_that_is_not_known_does_not_kill_the_result(phrase):
    assert found(f"{phrase} xyzzy")[:WITHIN] == found(phrase)[:WITHIN] != []


def test_every_service_is_found_by_its_own_name_and_at_every_letter_of_it():
    for service in MALL.services:
        assert service.code in found(service.name)[:WITHIN]
    for end in range(3, len("paspor baru") + 1):
        assert "B-01" in found("paspor baru"[:end])[:WITHIN]


def test_the_name_of_an_agency_finds_its_services_only():
    assert {code[0] for code in found("imigrasi")} == {"B"}


def test_what_fits_much_worse_than_the_best_is_left_out():
    assert found("skck") == ["D-01", "D-02"]


def test_of_two_that_fit_alike_the_open_one_comes_first():
    full = Catalogue.model_validate(catalogue(quota_queues={"AA"}))

    assert found("penggantian hilang")[:2] == ["A-02", "B-04"]
    assert found("penggantian hilang", full)[:2] == ["B-04", "A-02"]


@pytest.mark.parametrize("query", ["", "   ", "zzzz qqq", "%$#", "\x00", "漢字"])
def test_nothing_is_found_for_nothing(query):
    assert found(query) == []


def test_who_finds_nothing_is_shown_the_agencies(client):
    text = client.get("/cari/hasil?q=zzzzqqq").text

    assert "Tidak ada layanan yang bernama “zzzzqqq”" in text
    assert text.count('href="/instansi/') == 24
