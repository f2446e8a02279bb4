"""The QR code of a ticket, as a picture for the printer and as a picture for the screen."""

from functools import lru_cache

import qrcode  # type: ignore[import-untyped]
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.exceptions import DataOverflowError  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]


def paper_image(url: str, widest: int, most: int = 6) -> Image.Image | None:
    """The code as black dots at the largest whole scale (at most `most`) that is no wider than `widest` dots.

    A scale of at least 2 also keeps the printer's real-time commands out of the picture: they begin with
    0x10, a single dark dot, which no row of the code can then hold. None for an address that cannot fit.
    """
    try:
        image = _smallest_image(url)
    except (ValueError, DataOverflowError):
        return None
    scale = min(most, widest // image.width)
    if scale < 2:
        return None
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


@lru_cache(maxsize=128)
def _smallest_image(url: str) -> Image.Image:
    """One dot to a module, with a quiet border of two; the slip and its copy show the same code."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=1, border=2)
    code.add_data(url)
    image: Image.Image = code.make_image().get_image()
    return image


@lru_cache(maxsize=128)
def svg(url: str) -> str:
    """The code as a sharp picture for the screen."""
    image = qrcode.make(url, error_correction=ERROR_CORRECT_M, image_factory=SvgPathFillImage)
    text: str = image.to_string(encoding="unicode")
    return text
