"""Folding and wrapping of text for paper."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.text import fold, wrap


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ciputat – “Jum’at”…", 'Ciputat - "Jum\'at"...'),
        ("±10 menit, 1‰", "+/-10 menit, 1 per mil"),
        ("café, Łódź, naïve", "cafe, Lodz, naive"),
        ("dua\nbaris\tsaja", "dua baris saja"),
        ("Budi\x1bp\x00laci", "Budi p laci"),
        ("漢字", "??"),
        ("e\u0301\u200b", "e"),
    ],
)
def test_text_is_folded_to_what_every_printer_knows(text, folded):
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folded_text_holds_printable_ascii_only(text):
    assert all(" " <= character <= "~" for character in fold(text))


@settings(deadline=None)
@given(st.text(), st.integers(4, 48))
def test_wrapping_never_exceeds_the_columns_and_loses_no_letter(text, columns):
    lines = wrap(fold(text), columns, hang="  ")

    assert all(len(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(fold(text).split())
