"""Text for paper: folded to printable ASCII and wrapped to the columns of the paper."""

import re
import textwrap
import unicodedata

_FOLDS = str.maketrans(
    {
        "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
        "…": "...", "×": "x", "÷": ":", "±": "+/-", "‰": " per mil", "•": "-", "·": "-", "°": " derajat",
        "§": "Pasal ", "½": "1/2", "¼": "1/4", "¾": "3/4", "€": "EUR", "Ø": "O", "ø": "o", "ß": "ss",
        "Æ": "AE", "æ": "ae", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l", "ı": "i",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """The text in printable ASCII on one line; control characters become spaces, the unknown becomes `?`."""
    plain = unicodedata.normalize("NFKD", text.translate(_FOLDS))
    seen = (_fold_one(character) for character in plain)
    return re.sub(" +", " ", "".join(seen)).strip()


def _fold_one(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category.startswith("M") or category == "Cf":
        return ""
    return " " if category[0] in "CZ" else "?"


def wrap(text: str, columns: int, hang: str = "") -> list[str]:
    """Lines of at most `columns` characters; later lines begin with `hang`, a longer word is broken."""
    return textwrap.wrap(text, columns, subsequent_indent=hang, break_on_hyphens=False)
