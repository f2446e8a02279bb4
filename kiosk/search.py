"""Finding a service by a few letters of what a visitor calls it."""

import difflib
import re
from functools import lru_cache

from kiosk.catalogue import Catalogue, Service
from kiosk.text import fold

MOST = 30


def found(catalogue: Catalogue, query: str) -> list[Service]:
    """Services that hold every word of the query, the best first; a slip of the finger is forgiven."""
    wanted = _words(query)
    if not wanted:
        return []
    scored = [(_score(catalogue, row, wanted), row) for row in catalogue.services]
    hits = [(score, row) for score, row in scored if score]
    if not hits:
        wanted = _corrected(catalogue, wanted)
        scored = [(_score(catalogue, row, wanted), row) for row in catalogue.services]
        hits = [(score, row) for score, row in scored if score]
    hits.sort(key=lambda hit: (-hit[0], not hit[1].open, len(hit[1].name)))
    return [row for _, row in hits[:MOST]]


def _score(catalogue: Catalogue, service: Service, wanted: list[str]) -> int:
    """Words of the name weigh most, then the short name of the agency, then its full name and the queue."""
    agency = catalogue.agency(service.agency)
    fields = (
        (8, service.name),
        (4, agency.short_name if agency else ""),
        (2, agency.name if agency else ""),
        (1, catalogue.queue(service.queue).name),
    )
    total = 0
    for word in wanted:
        best = max((_hit(word, text) * weight for weight, text in fields), default=0)
        if not best:
            return 0
        total += best
    return total


def _hit(wanted: str, text: str) -> int:
    words = _words(text)
    if wanted in words:
        return 3
    if any(word.startswith(wanted) for word in words):
        return 2
    return int(len(wanted) > 2 and wanted in "".join(words))


@lru_cache(maxsize=2048)
def _split(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", fold(text).lower()))


def _words(text: str) -> list[str]:
    return list(_split(text[:200]))


def _corrected(catalogue: Catalogue, wanted: list[str]) -> list[str]:
    known = {word for row in catalogue.services for word in _words(row.name)}
    known |= {word for row in catalogue.agencies for word in _words(row.short_name)}
    # Long words only: two letters that are wrong in three could mean anything.
    return [next(iter(difflib.get_close_matches(word, known, 1, 0.72)), word) for word in wanted]
