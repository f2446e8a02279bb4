"""The state of a thermal printer: the status bytes of ESC/POS (DLE EOT, GS r), asked for and read."""

from kiosk.printing.connections import Connection

ANSWER_S = 1.0
CLEAR = b"\x10\x05\x02"
REPORT = b"\x1dr\x01"

READY, PAPER_OUT, COVER_OPEN, FAULT, MUTE, NOT_A_PRINTER = (
    "ready", "paper_out", "cover_open", "fault", "mute", "stranger",
)  # fmt: skip

# Which bit of which answer means what, the most telling first: 4 paper, 2 why offline, 3 error, 1 printer.
_SIGNS = (
    (4, 0x60, PAPER_OUT),
    (2, 0x04, COVER_OPEN),
    (2, 0x20, PAPER_OUT),
    (2, 0x40, FAULT),
    (3, 0x68, FAULT),
    (1, 0x08, FAULT),
)


def condition(connection: Connection) -> str:
    """One word for the printer's state, from DLE EOT 1 to 4; only to be asked while no slip is being sent.

    `mute` is a printer that never answers, `stranger` something that answers as no printer does.
    """
    connection.forget_input()
    answers: dict[int, int] = {}
    for question in (4, 2, 3, 1):
        connection.write(b"\x10\x04" + bytes([question]))
        answer = _answer(connection, ANSWER_S)
        if isinstance(answer, str):
            return answer
        answers[question] = answer
    return next((word for question, bits, word in _SIGNS if answers[question] & bits), READY)


def _answer(connection: Connection, seconds: float) -> int | str:
    strange = False
    while (byte := connection.read(seconds)) is not None:
        if is_status(byte):
            return byte
        if strange:
            break
        strange = True
    return NOT_A_PRINTER if strange else MUTE


def is_status(byte: int) -> bool:
    """Whether this is an answer to DLE EOT: bits 1 and 4 set, bits 0 and 7 clear."""
    return byte & 0x93 == 0x12


def is_report(byte: int) -> bool:
    """Whether this is an answer to GS r 1: bits 4 and 7 clear."""
    return byte & 0x90 == 0


def paper_ended(report: int) -> bool:
    """Whether an answer to GS r 1 says that the roll is at its end."""
    return bool(report & 0x0C)
