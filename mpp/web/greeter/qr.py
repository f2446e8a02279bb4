"""The QR of a ticket as one path, drawn by the page in its own colours."""

from functools import lru_cache
from typing import NamedTuple

import qrcode  # type: ignore[import-untyped]
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

QUIET = 4


class Code(NamedTuple):
    """`size` modules in square, the quiet border included, and the `path` of the dark ones."""

    size: int
    path: str


@lru_cache(maxsize=64)
def code(address: str) -> Code:
    """The QR of an address."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(address)
    made.make(fit=True)
    cells = made.get_matrix()
    dark = ((x + QUIET, y + QUIET) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell)
    return Code(len(cells) + 2 * QUIET, "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
