"""The bytes of a slip for a thermal printer."""

from collections.abc import Iterable

from escpos.printer import Dummy

from kiosk.printing.paper_rows import SPACING, Gap, Item, Picture
from kiosk.printing.slip import Slip
from kiosk.printing.slip_layout import layout


def escpos(slip: Slip, columns: int) -> bytes:
    """The bytes for paper of 48, 42 or 32 columns: initialise first, cut last, no other command between.

    Raises ValueError for other paper.
    """
    items = layout(slip, columns)
    printer = Dummy(profile="TM-T20II")
    printer.hw("INIT")
    printer.line_spacing(SPACING)
    _write(printer, items)
    printer.cut(mode="PART", feed=False)
    return bytes(printer.output)


def _write(printer: Dummy, items: Iterable[Item]) -> None:
    for item in items:
        if isinstance(item, Gap):
            printer._raw(b"\x1bJ" + bytes([item.dots]))
        elif isinstance(item, Picture):
            printer.set(align="center")
            printer.image(item.image, impl="bitImageRaster", center=False)
        else:
            printer.set(
                align=item.align, bold=item.bold, custom_size=True, width=item.width, height=item.height
            )
            printer.text(item.text + "\n")
