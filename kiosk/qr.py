"""The QR code of a ticket, as modules, as a picture for the printer and as a picture for the screen."""

from functools import lru_cache

import qrcode  # type: ignore[import-untyped]
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.exceptions import DataOverflowError  # type: ignore[import-untyped]

Modules = tuple[tuple[bool, ...], ...]


def modules(url: str, border: int = 4) -> Modules:
    """The dark modules of the code, with its quiet border."""
    cells = _cells(url)
    side = (False,) * border
    empty = ((False,) * (len(cells) + 2 * border),) * border
    return (*empty, *((*side, *row, *side) for row in cells), *empty)


@lru_cache(maxsize=128)
def _cells(url: str) -> Modules:
    """Worked out once: the screen, the slip and a copy show the same code."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make(fit=True)
    return tuple(tuple(bool(cell) for cell in row) for row in code.get_matrix())


def paper_image(url: str, widest: int, most: int = 6) -> Image.Image | None:
    """The code as black dots at the largest whole scale (at most `most`) that is no wider than `widest`.

    A scale of at least 2 also keeps the printer's real-time commands out of the picture: they begin with
    0x10, a single dark dot, which no row of the code can then hold. None for an address that cannot fit.
    """
    try:
        cells = modules(url, border=2)
    except (ValueError, DataOverflowError):
        return None
    scale = min(most, widest // len(cells))
    if scale < 2:
        return None
    size = len(cells) * scale
    image = Image.new("1", (len(cells), len(cells)), 1)
    image.putdata([not cell for row in cells for cell in row])
    return image.resize((size, size), Image.Resampling.NEAREST)


def svg(url: str) -> str:
    """The code as a sharp picture for the screen."""
    cells = modules(url)
    dark = ((x, y) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell)
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    size = len(cells)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )
