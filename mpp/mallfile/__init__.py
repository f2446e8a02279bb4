"""One mall as a file: read it whole, or refuse it whole with the place of every mistake."""

from __future__ import annotations

import stat
from pathlib import Path

from pydantic import ValidationError

from mpp.mallfile.clocks import hours_mistakes
from mpp.mallfile.json_lines import Json, JsonLines
from mpp.mallfile.messages import schema_mistakes
from mpp.mallfile.mistakes import MallFileWrong, Mistake
from mpp.mallfile.model import MallFile
from mpp.mallfile.references import reference_mistakes
from mpp.mallfile.schedules import agency_schedule, mall_schedule, queue_schedule, service_schedule

__all__ = [
    "MallFile", "MallFileWrong", "Mistake",
    "agency_schedule", "mall_schedule", "parse", "queue_schedule", "read", "service_schedule",
]  # fmt: skip

LARGEST = 2_000_000  # bytes; the sample mall of 24 agencies needs a tenth


def read(path: Path | str) -> MallFile:
    """The mall of this file. Raises MallFileWrong with every mistake, in Indonesian; changes nothing."""
    data = _bytes(Path(path))
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused("berkas ini bukan teks UTF-8; simpan ulang dengan pengodean UTF-8", line) from error


def parse(text: str) -> MallFile:
    """The mall of this JSON text; raises MallFileWrong like `read`."""
    source = JsonLines(text)
    file, found = _checked(source.document)
    found += [*reference_mistakes(source.document), *hours_mistakes(source.document)]
    # One sentence per place: letters that are wrong or taken are not also "served by no counter".
    sentences = dict(reversed(found))
    mistakes = [
        *source.mistakes,
        *(Mistake(place, said, source.line(place)) for place, said in sentences.items()),
    ]
    if mistakes or file is None:
        raise MallFileWrong(mistakes)
    return file


def _checked(document: Json) -> tuple[MallFile | None, list[tuple[str, str]]]:
    try:
        return MallFile.model_validate(document), []
    except ValidationError as error:
        return None, list(schema_mistakes(error))


def _bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _refused("ini bukan berkas biasa")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise _refused(f"berkas {path} tidak ditemukan") from error
    except PermissionError as error:
        raise _refused(f"berkas {path} tidak boleh dibaca oleh akun ini") from error
    except (OSError, ValueError) as error:
        raise _refused("berkas ini tidak dapat dibaca") from error
    if len(data) > LARGEST:
        raise _refused(f"berkas ini terlalu besar, paling banyak {LARGEST // 1_000_000} MB")
    return data


def _refused(message: str, line: int | None = None) -> MallFileWrong:
    return MallFileWrong([Mistake("", message, line)])
