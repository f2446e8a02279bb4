"""One thing that was examined, in a plain word: good, worth a look, or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

GOOD, NOTICE, WRONG = "baik", "perhatian", "salah"


@dataclass(frozen=True, slots=True)
class Finding:
    """A plain word, and a sentence that says what is so and what to do."""

    word: str
    sentence: str


Findings = Iterator[Finding]


def good(sentence: str) -> Finding:
    return Finding(GOOD, sentence)


def notice(sentence: str) -> Finding:
    return Finding(NOTICE, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(WRONG, sentence)
