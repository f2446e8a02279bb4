"""Finding a service by the words that people use for it, among the rows of the catalogue."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

MOST = 24
LONGEST = 100
SHORTEST_MIDDLE = 3  # fewer letters in the middle of a word mean nothing
ALIKE = 0.75

# What says nothing about the service that is meant.
FILLERS = frozenset(
    ["mau", "ingin", "saya", "urus", "mengurus", "buat", "membuat", "bikin", "untuk", "dan", "yang", "baik"]
)
# Everyday words, and those by which the services go.
MEANS: Mapping[str, tuple[str, ...]] = {
    "akte": ("akta",),
    "bansos": ("sosial",),
    "dagang": ("nib",),
    "domisili": ("pindah",),
    "hp": ("imei",),
    "imb": ("pbg",),
    "izin": ("nib",),
    "jamsostek": ("ketenagakerjaan",),
    "kawin": ("nikah",),
    "kelakuan": ("skck",),
    "kk": ("keluarga",),
    "kuning": ("pencari",),
    "lahir": ("kelahiran",),
    "meninggal": ("kematian",),
    "menikah": ("nikah",),
    "mobil": ("kendaraan",),
    "motor": ("kendaraan",),
    "passport": ("paspor",),
    "pasport": ("paspor",),
    "plat": ("stnk",),
    "sertifikat": ("sertipikat",),
    "tanah": ("sertipikat", "pertanahan"),
    "toko": ("nib",),
    "umkm": ("nib",),
    "usaha": ("nib",),
    "wafat": ("kematian",),
}


def found(catalogue: Mapping[str, Any], intent: str) -> list[dict[str, Any]]:
    """Services that fit every word that was sought, the best first, open ones before closed ones.

    When nothing fits, a slip of the finger is forgiven: words are read as the nearest known ones.
    """
    texts, words = _texts(catalogue), [word for word in _words(intent[:LONGEST]) if word not in FILLERS]
    if not words:
        return []
    hits = _hits(texts, words) or _hits(texts, _corrected(texts, words))
    hits.sort(key=lambda hit: (-hit[0], not hit[1]["open"], hit[1]["code"]))
    return [row for _, row in hits[:MOST]]


Weighed = Sequence[tuple[int, tuple[str, ...]]]


def _texts(catalogue: Mapping[str, Any]) -> list[tuple[dict[str, Any], Weighed]]:
    """Each service with the words by which it may be meant, and what they weigh."""
    agencies = {row["code"]: row for row in catalogue["agencies"]}
    queues = {row["code"]: row for row in catalogue["queues"]}
    return [
        (
            row,
            (
                (8, _words(row["name"])),
                (4, _words(agencies[row["agency"]]["short_name"])),
                (3, _words((row["standard"].get("product") or {}).get("text", ""))),
                (2, _words(agencies[row["agency"]]["name"])),
                (1, _words(queues[row["queue"]]["name"])),
            ),
        )
        for row in catalogue["services"]
    ]


def _hits(
    texts: Iterable[tuple[dict[str, Any], Weighed]], words: Sequence[str]
) -> list[tuple[int, dict[str, Any]]]:
    scored = [(_score(weighed, words), row) for row, weighed in texts]
    return [(score, row) for score, row in scored if score]


def _score(weighed: Weighed, words: Sequence[str]) -> int:
    """The sum of the best hit of each word; nothing when one word is met nowhere."""
    total = 0
    for word in words:
        meant = (word, *MEANS.get(word, ()))
        best = max(_hit(each, known) * weight for each in meant for weight, known in weighed)
        if not best:
            return 0
        total += best
    return total


def _hit(word: str, known: tuple[str, ...]) -> int:
    if word in known:
        return 3
    if any(each.startswith(word) for each in known):
        return 2
    return int(len(word) >= SHORTEST_MIDDLE and any(word in each for each in known))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return tuple(re.findall(r"[a-z0-9]+", plain))


def _corrected(texts: Iterable[tuple[dict[str, Any], Weighed]], words: Sequence[str]) -> list[str]:
    known = sorted({word for _, weighed in texts for _, text in weighed for word in text} | set(MEANS))
    return [next(iter(difflib.get_close_matches(word, known, 1, ALIKE)), word) for word in words]
