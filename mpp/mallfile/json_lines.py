"""JSON that remembers on which line each thing stands, so that a mistake can be shown to whoever wrote it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NoReturn, Union

from mpp.mallfile.mistakes import MallFileWrong, Mistake

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]  # noqa: UP007 - it names itself
DEEPEST = 20
LONGEST_NUMBER = 18
SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?[0-9.eE+-]+")


def pointer(*parts: str | int) -> str:
    """The JSON pointer (RFC 6901) of a path of keys and positions."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


class JsonLines:
    """A JSON text as plain values in `document`; `mistakes` holds keys written twice."""

    def __init__(self, text: str) -> None:
        """Raises MallFileWrong with line and column when the text is not JSON."""
        self._text, self._at = text, 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._lines: dict[str, int] = {}
        self._scalars = json.JSONDecoder(parse_constant=lambda _: self._wrong("nilai ini bukan JSON"))
        self.mistakes: list[Mistake] = []
        self.document = self._value("", 0)
        if self._next():
            self._wrong("ada tulisan lain sesudah akhir data")

    def line(self, place: str) -> int:
        """The line of a place; of the nearest thing around it when it is not there."""
        while place and place not in self._lines:
            place = place.rpartition("/")[0]
        return self._lines.get(place, 1)

    def _value(self, place: str, depth: int) -> Json:
        char = self._next()
        self._lines.setdefault(place, self._line_now())
        if depth > DEEPEST:
            self._wrong("terlalu banyak tingkat kurung")
        if char == "{":
            return self._object(place, depth)
        return self._array(place, depth) if char == "[" else self._scalar(char)

    def _object(self, place: str, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        self._at += 1
        while not self._closed("}", first=not found):
            if self._next() != '"':
                self._wrong('di sini seharusnya ada nama kunci dalam tanda kutip ("…")')
            line = self._line_now()
            key = str(self._scalar('"'))
            here = place + pointer(key)
            if key in found:
                self.mistakes.append(Mistake(here, f'kunci "{key}" ditulis dua kali', line))
            self._lines[here] = line
            if self._next() != ":":
                self._wrong(f'sesudah kunci "{key}" seharusnya ada titik dua (:)')
            self._at += 1
            found[key] = self._value(here, depth + 1)
        return found

    def _array(self, place: str, depth: int) -> list[Json]:
        found: list[Json] = []
        self._at += 1
        while not self._closed("]", first=not found):
            found.append(self._value(place + pointer(len(found)), depth + 1))
        return found

    def _closed(self, bracket: str, first: bool) -> bool:
        """Steps over the closing bracket, or over the comma before the next part."""
        char = self._next()
        if char == bracket:
            self._at += 1
            return True
        if first:
            return False
        if char != ",":
            self._wrong(f"di sini seharusnya ada koma (,) atau kurung penutup ({bracket})")
        self._at += 1
        if self._next() == bracket:
            self._wrong("ada koma yang berlebih sebelum kurung penutup")
        return False

    def _scalar(self, char: str) -> Json:
        number = NUMBER.match(self._text, self._at)
        if number and len(number.group()) > LONGEST_NUMBER:
            self._wrong("bilangan ini terlalu panjang")
        value: Json
        try:
            value, self._at = self._scalars.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = min(error.pos, len(self._text))
            self._wrong("teks ini tidak sah atau tidak ditutup" if char == '"' else "nilai ini bukan JSON")
        return value

    def _next(self) -> str:
        """The next character that is not a space, without stepping over it; empty at the end."""
        found = SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _line_now(self) -> int:
        return bisect_right(self._starts, self._at)

    def _wrong(self, message: str) -> NoReturn:
        line = self._line_now()
        column = self._at - self._starts[line - 1] + 1
        if self._at >= len(self._text):
            message = f"berkas berakhir sebelum lengkap; {message}"
        raise MallFileWrong([*self.mistakes, Mistake("", f"kolom {column}: {message}", line)])
