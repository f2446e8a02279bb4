"""An entry of the log is read as it was sealed."""

from datetime import UTC, date, datetime

import pytest

from mpp.domain.entry import Entry
from mpp.domain.log import canonical

SAID = {
    "seq": 7, "at": "2026-11-23T01:00:00.000001Z", "day": "2026-11-23", "event": "turn_called",
    "actor": "person:3", "agency": "A", "ticket": 1, "turn": 2, "label": "AA-001", "queue": "AA",
    "counter": 4, "from": "waiting", "to": "called", "reason": None, "zones": {"merah": 6},
    "facts": {"nth": 1},
}  # fmt: skip


def test_an_entry_says_what_was_sealed():
    entry = Entry.read(canonical(SAID))

    assert (entry.at, entry.day) == (datetime(2026, 11, 23, 1, 0, 0, 1, UTC), date(2026, 11, 23))
    assert (entry.before, entry.after, entry.facts["nth"]) == ("waiting", "called", 1)


@pytest.mark.parametrize("sealed", [b"{}", b"[]", b"no", canonical(SAID | {"more": 1})])
def test_bytes_that_are_no_entry_are_refused(sealed):
    with pytest.raises((LookupError, TypeError, ValueError)):
        Entry.read(sealed)
