"""The single values of a mall file: texts, codes, letters, dates and times."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
# Cf: characters without width and those that turn the direction of writing make two names look like one.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Level = Literal["V-LAW", "V", "R", "I"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Part(BaseModel):
    """A part of the file: no key that is not described, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Fact(Part):
    """Something the mall says, and how sure it is."""

    level: Level


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("mall_file", "{sentence}", {"sentence": sentence})


def _plain(text: str) -> str:
    if not text.strip():
        raise _wrong("tidak boleh kosong")
    if text != text.strip():
        raise _wrong("tidak boleh diawali atau diakhiri spasi")
    if any(unicodedata.category(char) in UNPRINTABLE for char in text):
        raise _wrong("memuat karakter yang tidak dapat ditampilkan atau ganti baris")
    return text


def _pattern(pattern: str, sentence: str) -> AfterValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise _wrong(sentence)
        return text

    return AfterValidator(check)


def _clock(value: object) -> time:
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        raise _wrong('harus berupa jam "JJ:MM", misalnya "07:30"')
    return time.fromisoformat(value)


def _day(value: object) -> date:
    if not isinstance(value, str) or not DATE.fullmatch(value):
        raise _wrong('harus berupa tanggal "TTTT-BB-HH", misalnya "2026-12-25"')
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _wrong("tanggal ini tidak ada di kalender") from None


def _zone(text: str) -> str:
    if text not in ZONES:
        shown = ", ".join(f"{key} ({label})" for key, label in ZONES.items())
        raise _wrong(f"zona waktu tidak dikenal; pilih {shown}")
    return text


Plain = AfterValidator(_plain)
Word = Annotated[str, Field(max_length=60), Plain]
Name = Annotated[str, Field(max_length=120), Plain]
LongName = Annotated[str, Field(max_length=200), Plain]
Text = Annotated[str, Field(max_length=500), Plain]

MALL_CODE = "hanya huruf, angka, dan tanda hubung, paling banyak 40"
ZONE_CODE = "hanya huruf kecil, angka, dan tanda hubung, diawali huruf, paling banyak 40"
AGENCY_CODE = "hanya huruf besar dan angka, paling banyak 8"
SERVICE_CODE = "hanya huruf besar, angka, dan tanda hubung, paling banyak 20"
LETTERS = "hanya 1 sampai 3 huruf besar, tanpa angka, tanpa I dan O karena mirip angka 1 dan 0"
ICON = "hanya huruf kecil, angka, dan tanda hubung"

MallCode = Annotated[str, _pattern("[A-Za-z0-9][A-Za-z0-9-]{0,39}", MALL_CODE)]
ZoneCode = Annotated[str, _pattern("[a-z][a-z0-9-]{0,39}", ZONE_CODE)]
AgencyCode = Annotated[str, _pattern("[A-Z0-9]{1,8}", AGENCY_CODE)]
ServiceCode = Annotated[str, _pattern("[A-Z0-9][A-Z0-9-]{0,19}", SERVICE_CODE)]
Letters = Annotated[str, _pattern("[A-HJ-NP-Z]{1,3}", LETTERS)]
Icon = Annotated[str, _pattern("[a-z0-9][a-z0-9-]{0,59}", ICON)]
Language = Annotated[str, _pattern("[a-z]{2}", "harus dua huruf kecil, misalnya id atau en")]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
TimeZone = Annotated[str, AfterValidator(_zone)]

Floor = Annotated[int, Field(ge=-9, le=200)]
Minutes = Annotated[int, Field(ge=1, le=600)]
Quota = Annotated[int, Field(ge=1, le=9999)]
