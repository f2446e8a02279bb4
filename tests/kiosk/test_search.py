"""Finding a service by a few letters."""

import pytest

from kiosk.catalogue import Catalogue
from kiosk.search import found
from tests.kiosk.mall import catalogue

MALL = Catalogue.model_validate(catalogue())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("ktp hilang", "Penggantian KTP-el hilang"),
        ("KTP HIL", "Penggantian KTP-el hilang"),
        ("paspor baru", "Paspor baru dewasa"),
        ("pasport", "Paspor baru dewasa"),
        ("pengaduan", "Penerimaan pengaduan"),
    ],
)
def test_a_few_letters_find_the_service(query, name):
    assert name in [row.name for row in found(MALL, query)][:3]


def test_every_service_is_found_by_its_own_name():
    for service in MALL.services:
        assert service.code in [row.code for row in found(MALL, service.name)]


def test_the_name_of_an_agency_finds_its_services():
    assert {row.agency for row in found(MALL, "imigrasi")} == {"B"}


@pytest.mark.parametrize("query", ["", "   ", "zzzz qqq", "%$#", "\x00", "漢字"])
def test_nothing_is_found_for_nothing(query):
    assert found(MALL, query) == []
