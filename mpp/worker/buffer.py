"""One connection's bytes: whether a whole request is there, known without a thread that waits for it."""

import re
from dataclasses import dataclass
from functools import cached_property

from mpp.domain.errors import TooLarge

MOST_HEAD = 32 * 1024
MOST_BODY = 2 * 1024 * 1024
END = b"\r\n\r\n"
CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
OUR_COOKIE = re.compile(r"mpp-(?:session|display)=")


@dataclass(frozen=True)
class Head:
    """The header fields of a request, names in lower case; a repeated field counts by its last value."""

    fields: dict[str, str]

    @classmethod
    def parse(cls, raw: bytes) -> "Head":
        pairs = (line.partition(":") for line in raw.decode("latin-1").split("\r\n")[1:])
        return cls({name.strip().lower(): value.strip() for name, _, value in pairs})

    @property
    def wants_socket(self) -> bool:
        return "websocket" in self.fields.get("upgrade", "").lower()

    @property
    def shows_key(self) -> bool:
        """Whether a device's or person's key comes along; whether it is a good one is not looked at here."""
        return "authorization" in self.fields or bool(OUR_COOKIE.search(self.fields.get("cookie", "")))

    @property
    def expects_continue(self) -> bool:
        return self.fields.get("expect", "").lower() == "100-continue"

    @property
    def chunked(self) -> bool:
        return "chunked" in self.fields.get("transfer-encoding", "").lower()

    @cached_property
    def length(self) -> int:
        """The length of the body in bytes; 0 where it makes no sense, which the parser then refuses."""
        given = self.fields.get("content-length", "0")
        return int(given) if given.isascii() and given.isdecimal() and len(given) < 20 else 0

    @property
    def forwarded_for(self) -> str:
        """The address that the nearest proxy wrote."""
        return self.fields.get("x-forwarded-for", "").rpartition(",")[2].strip()


@dataclass(frozen=True)
class Whole:
    """A request that has come; `last` when its body is not read, so that the connection must end."""

    head: Head
    raw: bytes
    last: bool = False


class RequestBuffer:
    """Takes pieces, gives whole requests, one after the other."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.head: Head | None = None
        self._body_at = self._chunk_at = 0

    def __len__(self) -> int:
        return len(self._bytes)

    def feed(self, piece: bytes) -> None:
        self._bytes += piece

    def take(self) -> Whole | None:
        """The next whole request; None while some of it is missing. Raises `TooLarge`."""
        head = self.head = self.head or self._next_head()
        if head is None:
            return None
        if head.chunked:
            end, last = self._chunks_end(), False
        elif last := head.length > MOST_BODY:
            end = self._body_at
        else:
            end = self._body_at + head.length
        if end is None or end > len(self._bytes):
            return None
        raw = bytes(self._bytes[:end])
        del self._bytes[:end]
        self.head = None
        return Whole(head, raw, last)

    def _next_head(self) -> Head | None:
        end = self._bytes.find(END, 0, MOST_HEAD)
        if end < 0:
            if len(self._bytes) >= MOST_HEAD:
                raise TooLarge
            return None
        self._body_at = self._chunk_at = end + len(END)
        return Head.parse(bytes(self._bytes[:end]))

    def _chunks_end(self) -> int | None:
        """Where a chunked body ends (RFC 9112, section 7.1); the next chunk's place is kept between looks."""
        while (line_end := self._bytes.find(b"\r\n", self._chunk_at)) >= 0:
            size = bytes(self._bytes[self._chunk_at : line_end]).partition(b";")[0].strip()
            if not CHUNK_SIZE.fullmatch(size):
                return len(self._bytes)  # the parser says what is wrong with it
            if int(size, 16) == 0:
                end = self._bytes.find(END, line_end)
                return None if end < 0 else end + len(END)
            self._chunk_at = line_end + 2 + int(size, 16) + 2
            if self._chunk_at > len(self._bytes):
                break
        if len(self._bytes) > self._body_at + MOST_BODY:
            raise TooLarge
        return None
