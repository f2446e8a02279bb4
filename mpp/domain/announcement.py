"""How a call sounds: the Indonesian sentence, and the clips of the voice pack that say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["number", "digits"]

DIGITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]

# Names of the letters in Indonesian (EYD).
LETTERS = {
    "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "ef", "G": "ge", "H": "ha", "I": "i",
    "J": "je", "K": "ka", "L": "el", "M": "em", "N": "en", "O": "o", "P": "pe", "Q": "ki", "R": "er",
    "S": "es", "T": "te", "U": "u", "V": "ve", "W": "we", "X": "eks", "Y": "ye", "Z": "zet",
}  # fmt: skip

RECALLS = {2: "kedua"}


@dataclass(frozen=True)
class Announcement:
    """What is said for one call: as a sentence, and as names of clips in the order of speaking."""

    sentence: str
    clips: tuple[str, ...]


def announcement(
    label: str, counter_name: str, agency_short_name: str, nth: int, style: Style = "number"
) -> Announcement:
    """The nth call of a label to a counter: 012 is "dua belas" in style "number", "nol satu dua" in "digits".

    The clips say a counter's number but no agency, so that one pack serves every mall.
    Raises ValueError for a label that is not letters, a dash and a number.
    """
    number = _read_number(label, style)
    sentence = (
        f"{_recall_sentence(nth)}Nomor antrean, {' '.join(letters(label))}, {' '.join(number)}. "
        f"Silakan menuju {_counter(counter_name)}, {agency_short_name}."
    )
    clips = (*_recall_clips(nth), "nomor_antrean", *_letter_clips(label), *number)
    return Announcement(sentence, (*clips, "silakan_menuju", *_counter_clips(counter_name)))


def number_words(n: int) -> list[str]:
    """The words of a number from 0 to 9999 in Indonesian: 215 is "dua ratus lima belas".

    Raises ValueError outside of that range.
    """
    if not 0 <= n <= 9999:
        raise ValueError(f"{n} is not between 0 and 9999")
    if n < 10:
        return [DIGITS[n]]
    return _place(n, 1000, "ribu") or _place(n, 100, "ratus") or _below_hundred(n)


def letters(label: str) -> list[str]:
    """How the part of a label before its dash is read: AA2-001 is "a a dua", 4K-10 is "empat ka"."""
    return [_spoken(run) for run in _prefix_runs(label)]


def _place(n: int, size: int, name: str) -> list[str]:
    many, rest = divmod(n, size)
    if many == 0:
        return []
    words = [f"se{name}"] if many == 1 else [DIGITS[many], name]
    return words + (number_words(rest) if rest else [])


def _below_hundred(n: int) -> list[str]:
    if n < 12:
        return [["sepuluh", "sebelas"][n - 10]]
    if n < 20:
        return [DIGITS[n - 10], "belas"]
    tens, rest = divmod(n, 10)
    return [DIGITS[tens], "puluh", *([DIGITS[rest]] if rest else [])]


def _split(label: str) -> tuple[str, str]:
    found = re.fullmatch(r"([A-Z0-9]+)-([0-9]+)", label)
    if found is None:
        raise ValueError(f"{label!r} is not a label")
    return found[1], found[2]


def _read_number(label: str, style: Style) -> list[str]:
    digits = _split(label)[1]
    return _read(digits) if style == "number" else [DIGITS[int(digit)] for digit in digits]


def _read(digits: str) -> list[str]:
    # Beyond the words we have, a long number is still understood digit by digit.
    return number_words(int(digits)) if int(digits) <= 9999 else [DIGITS[int(digit)] for digit in digits]


def _prefix_runs(label: str) -> list[str]:
    return re.findall(r"[A-Z]|[0-9]+", _split(label)[0])


def _spoken(run: str) -> str:
    return " ".join(_read(run)) if run.isdigit() else LETTERS[run]


def _run_clips(run: str) -> list[str]:
    return _read(run) if run.isdigit() else [f"huruf_{run.lower()}"]


def _letter_clips(label: str) -> list[str]:
    return [clip for run in _prefix_runs(label) for clip in _run_clips(run)]


def _counter_number(name: str) -> list[str]:
    # The last number is the counter's: "Loket Z1-07" is counter seven of stand Z1. "12A" keeps its letter.
    found = re.findall(r"([0-9]+)([A-Za-z]?)\b", name)
    return [run.upper() for run in found[-1] if run] if found else []


def _counter(name: str) -> str:
    runs = _counter_number(name)
    if not runs or not name.lower().startswith("loket"):
        return name
    return f"Loket {int(runs[0])}{''.join(runs[1:])}"


def _counter_clips(name: str) -> list[str]:
    return ["loket", *(clip for run in _counter_number(name) for clip in _run_clips(run))]


def _recall_sentence(nth: int) -> str:
    return f"Panggilan {RECALLS.get(nth, 'terakhir')}. " if nth > 1 else ""


def _recall_clips(nth: int) -> list[str]:
    return [f"panggilan_{RECALLS.get(nth, 'terakhir')}"] if nth > 1 else []
