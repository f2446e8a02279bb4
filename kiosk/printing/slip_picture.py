"""A picture of a printed slip, one pixel to each dot of the printer: for the virtual printer."""

from functools import cache, lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from kiosk.printing.document import CELL_HEIGHT, CELL_WIDTH, DOTS, Document, Item, Line, Raster, Run
from kiosk.printing.escpos_reader import decode

MARGIN_X, MARGIN_Y, TOOTH = 32, 40, 8
PAPER, INK = 252, 34


@lru_cache(maxsize=24)
def picture(data: bytes, columns: int) -> bytes:
    """The picture of these bytes as PNG, drawn once."""
    return png(decode(data, columns))


def png(document: Document) -> bytes:
    """The picture of a slip, one pixel for each dot of the printer."""
    stream = BytesIO()
    draw(document).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def draw(document: Document) -> Image.Image:
    """The paper with everything on it, ending where the knife went through."""
    width = DOTS[document.columns]
    paper = Image.new("L", (width + 2 * MARGIN_X, document.dots + MARGIN_Y), PAPER)
    y = MARGIN_Y
    for item in document.items:
        _draw_item(paper, item, y, width)
        y += item.dots
    return _torn(paper)


def _draw_item(paper: Image.Image, item: Item, y: int, width: int) -> None:
    if isinstance(item, Line):
        _draw_line(paper, item, y, width)
    elif isinstance(item, Raster):
        picture = Image.frombytes("1", (item.width, item.dots), b"".join(item.rows))
        stain = Image.new("L", picture.size, INK)
        paper.paste(stain, (_left(item.align, item.width, width), y), picture.convert("L"))


def _draw_line(paper: Image.Image, line: Line, y: int, width: int) -> None:
    x = _left(line.align, line.width * CELL_WIDTH, width)
    for run in line.runs:
        for character in run.text:
            if character != " ":
                _stamp(paper, character, run, (x, y + (line.size[1] - run.height) * CELL_HEIGHT))
            x += CELL_WIDTH * run.width


def _stamp(paper: Image.Image, character: str, run: Run, corner: tuple[int, int]) -> None:
    glyph = _glyph(character, run.width, run.height, run.bold)
    paper.paste(Image.new("L", glyph.size, INK), corner, glyph)


@cache
def _glyph(character: str, width: int, height: int, bold: bool) -> Image.Image:
    """The character drawn large and then set into its cell, a narrow one centred, a broad one squeezed."""
    cell = (CELL_WIDTH * width, CELL_HEIGHT * height)
    font = ImageFont.load_default(size=cell[1] * 0.86)
    advance = max(1, round(font.getlength(character)))
    # Every letter of a thermal printer is about as broad as its cell: half the height.
    drawn = Image.new("L", (advance + 8, cell[1]), 0)
    stroke = max(1, cell[1] // 34) if bold else cell[1] // 60
    ImageDraw.Draw(drawn).text((4, cell[1] * 0.8), character, 255, font, anchor="ls", stroke_width=stroke)
    box = drawn.getbbox() or (0, 0, 1, 1)
    ink = drawn.crop((box[0], 0, box[2], cell[1]))
    room = cell[0] - max(1, cell[0] // 8)
    if ink.width > room:
        ink = ink.resize((room, cell[1]), Image.Resampling.LANCZOS)
    glyph = Image.new("L", cell, 0)
    glyph.paste(ink, ((cell[0] - ink.width) // 2, 0))
    return glyph


def _left(align: str, used: int, width: int) -> int:
    free = {"left": 0, "center": (width - used) // 2, "right": width - used}
    return MARGIN_X + free[align]


def _torn(paper: Image.Image) -> Image.Image:
    """Gives the paper the fine teeth of the knife at both ends, on a transparent ground."""
    sheet = Image.new("LA", paper.size, (PAPER, 0))
    mask = Image.new("L", paper.size, 255)
    pen = ImageDraw.Draw(mask)
    for x in range(0, paper.width, 2 * TOOTH):
        tip = x + TOOTH
        pen.polygon([(x, 0), (x + 2 * TOOTH, 0), (tip, TOOTH)], fill=0)
        pen.polygon([(x, paper.height), (x + 2 * TOOTH, paper.height), (tip, paper.height - TOOTH)], fill=0)
    sheet.paste(paper.convert("LA"), (0, 0))
    sheet.putalpha(mask)
    return sheet
