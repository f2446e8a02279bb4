"""What was done on the days of the first version is written by every later one in the same bytes."""

import json
import secrets
from pathlib import Path

import pytest

from mpp.domain.log import GENESIS, seal
from tests.history.stories import broken, reseal, row_of, rows_of
from tests.history.test_words import busy_world

__all__ = ["busy_world"]

# One sealed entry a line; the head is the hash of the last.
WRITTEN = Path(__file__).with_name("days_of_0_1_0.jsonl")
HEAD = "4c81a7012942121e0580b2d3a9b575458b856df6565d4c833840deb989c5ba40"


@pytest.fixture
def salts(monkeypatch):
    """The same salts every time: the log holds seals that are made with them."""
    given = iter(range(1, 1_000))
    monkeypatch.setattr(secrets, "token_bytes", lambda size: next(given).to_bytes(size, "big"))


def test_the_same_days_are_written_in_the_same_bytes(salts, busy_world):
    written = WRITTEN.read_bytes().splitlines()

    # Later versions tell more after those days.
    rows = rows_of(busy_world)[: len(written)]

    assert [row.sealed for row in rows] == written
    assert rows[-1].hash.hex() == HEAD


def test_the_log_of_the_first_version_is_sound():
    rows = reseal([row_of(json.loads(sealed), GENESIS) for sealed in WRITTEN.read_bytes().splitlines()])

    assert [seal(GENESIS, rows[0].sealed), rows[-1].hash.hex()] == [rows[0].hash, HEAD]
    assert broken(rows) == []
