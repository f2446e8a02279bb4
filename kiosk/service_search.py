"""Finds services by the words that visitors use for them.

The kiosk and the server each keep this same file: they run on different machines and share no code.
"""

import difflib
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_QUERY = 60
MOST = 24
# What each text of a service weighs when it holds a word of the query.
NAME = EVERYDAY = 8
AGENCY_SHORT, AGENCY, PRODUCT, QUEUE = 5, 4, 3, 1
# The best text counts whole, the others by this share.
SHARE_OF_OTHERS = 0.2
WHOLE, BEGINNING, MIDDLE = 3, 2, 1
# A word within another one (`hilang` in `kehilangan`) means something from so many letters on.
SHORTEST_ROOT = 5
# How alike a misspelt word must be to a known one, of 1: one wrong letter of five, none of four.
ALIKE = 0.76
# A service that fits this much worse than the best one was not meant.
LEAST_OF_BEST = 0.25
# Words that say nothing about the service that is meant.
FILLERS = {
    "bikin", "bu", "buat", "cara", "dan", "dari", "di", "ingin", "ke", "mau", "membuat", "mengurus", "minta",
    "pak", "saya", "tolong", "untuk", "urus", "yang",
}  # fmt: skip


@dataclass(frozen=True)
class Searchable:
    """A service with the texts by which it may be meant, each with its weight."""

    code: str
    open: bool
    texts: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class _Entry:
    code: str
    open: bool
    words: Sequence[tuple[int, frozenset[str]]]


class ServiceIndex:
    """The services of one catalogue, in the order of the mall."""

    def __init__(self, services: Iterable[Searchable]) -> None:
        self._entries = [
            _Entry(one.code, one.open, [(weight, frozenset(words(text))) for weight, text in one.texts])
            for one in services
        ]
        self._known = sorted({word for entry in self._entries for _, held in entry.words for word in held})

    def find(self, query: str) -> list[str]:
        """The codes of at most 24 services, the best first, open before closed where two fit alike.

        Each word adds to the services that hold it, a rare word more than a frequent one; a word that no
        service holds is read as the nearest known one, or passed over. Empty when no word says anything.
        """
        asked = words(query[:LONGEST_QUERY])
        scores: dict[str, float] = defaultdict(float)
        for word in [word for word in asked if word not in FILLERS] or asked:
            hits = self._hits(word) or self._hits(self._nearest(word))
            for code, hit in hits.items():
                scores[code] += hit * (1 + math.log(len(self._entries) / len(hits)))
        least = max(scores.values(), default=0.0) * LEAST_OF_BEST
        fitting = [entry for entry in self._entries if scores[entry.code] > least]
        fitting.sort(key=lambda entry: (-round(scores[entry.code], 6), not entry.open))
        return [entry.code for entry in fitting[:MOST]]

    def _hits(self, word: str) -> dict[str, float]:
        """How well each service holds this word; services that do not are left out."""
        hits = {entry.code: _hit(word, entry) for entry in self._entries} if word else {}
        return {code: hit for code, hit in hits.items() if hit}

    def _nearest(self, word: str) -> str:
        """The known word of about the same length that is most like this one; empty when none is."""
        similar = [known for known in self._known if abs(len(known) - len(word)) <= len(word) // 4]
        return next(iter(difflib.get_close_matches(word, similar, 1, ALIKE)), "")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _hit(word: str, entry: _Entry) -> float:
    each = [weight * max((_likeness(word, one) for one in held), default=0) for weight, held in entry.words]
    return max(each) + SHARE_OF_OTHERS * sum(each)


def _likeness(word: str, known: str) -> int:
    if word == known:
        return WHOLE
    if known.startswith(word):
        return BEGINNING
    shorter, longer = sorted((word, known), key=len)
    return MIDDLE if len(shorter) >= SHORTEST_ROOT and shorter in longer else 0
