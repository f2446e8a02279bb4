"""What a server asked of its disk and said to its clients, read from a recording of strace."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,pwrite64,pwritev,pwritev2,write,writev,fsync,fdatasync,sync_file_range,ftruncate,fallocate,"
    "unlink,unlinkat,rename,renameat,renameat2,sendto,sendmsg"
)
RECORD = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o"]

SENT = {"write", "writev", "sendto", "sendmsg"}
WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?)")
BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
ENDED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+|\?)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
DESCRIPTOR = re.compile(r"^(\d+|AT_FDCWD)<([^>]*)>")


@dataclass(frozen=True)
class Write:
    path: str
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True)
class SyncBegun:
    """From here on the disk is asked to keep what was written before; `thread` tells whose wish it is."""

    path: str
    thread: int


@dataclass(frozen=True)
class SyncDone:
    path: str
    thread: int


@dataclass(frozen=True)
class Create:
    path: str


@dataclass(frozen=True)
class Remove:
    path: str


@dataclass(frozen=True)
class Acknowledge:
    """A number is on the wire: from here on the visitor may know it."""

    label: str


Step = Write | Truncate | SyncBegun | SyncDone | Create | Remove | Acknowledge


class UnknownWrite(Exception):
    """The server wrote to its database in a way the replay does not know; it would prove nothing."""


def read(trace: Path, database: Path, answer: re.Pattern[bytes]) -> list[Step]:
    """The steps of a recording in their order, as far as they concern this database and its answers.

    The order is the cautious one: a write and an answer count from their beginning, a sync from its end.
    """
    ours = {str(database) + suffix for suffix in ("", "-wal", "-journal")}
    room = str(database.parent)
    steps: list[Step] = []
    waiting: dict[int, tuple[str, str]] = {}
    for line in trace.read_text(errors="replace").splitlines():
        if match := WHOLE.match(line):
            thread, call, arguments, result = int(match[1]), match[2], match[3], match[4]
            steps += _begin(thread, call, arguments, ours, room, answer, result)
            steps += _end(thread, call, arguments, ours, room, result)
        elif match := BEGUN.match(line):
            thread, call, arguments = int(match[1]), match[2], match[3]
            waiting[thread] = call, arguments
            steps += _begin(thread, call, arguments, ours, room, answer, "0")
        elif match := ENDED.match(line):
            call, arguments = waiting.pop(int(match[1]), (match[2], ""))
            steps += _end(int(match[1]), call, arguments, ours, room, match[3])
    return list(_once(steps))


def _begin(
    thread: int, call: str, arguments: str, ours: set[str], room: str, answer: re.Pattern[bytes], result: str
) -> Iterator[Step]:
    path = _path(arguments)
    if call in SENT and path.startswith("socket:"):
        said = b"".join(_texts(arguments))
        yield from (Acknowledge(found.decode()) for found in answer.findall(said))
    elif call == "pwrite64" and path in ours:
        (content,) = _texts(arguments)
        yield Write(path, int(arguments.rpartition(",")[2]), content)
    elif call == "ftruncate" and path in ours:
        yield Truncate(path, int(arguments.rpartition(",")[2]))
    elif call in ("fsync", "fdatasync") and (path in ours or path == room):
        yield SyncBegun(path, thread)
    elif path in ours and call in SENT | {"pwritev", "pwritev2", "fallocate", "sync_file_range"}:
        raise UnknownWrite(f"{call} on {path}")


def _end(thread: int, call: str, arguments: str, ours: set[str], room: str, result: str) -> Iterator[Step]:
    if result == "?" or int(result) < 0:
        return
    if call in ("fsync", "fdatasync") and ((path := _path(arguments)) in ours or path == room):
        yield SyncDone(path, thread)
    elif call == "openat" and "O_CREAT" in arguments:
        yield from (Create(name) for name in _names(arguments) if name in ours)
    elif call in ("unlink", "unlinkat"):
        yield from (Remove(name) for name in _names(arguments) if name in ours)
    elif call.startswith("rename") and any(name in ours for name in _names(arguments)):
        raise UnknownWrite(f"{call} of {_names(arguments)}")


def _once(steps: Iterable[Step]) -> Iterator[Step]:
    """The same steps, an answer that left in two pieces counted once."""
    said: set[str] = set()
    for step in steps:
        if isinstance(step, Acknowledge):
            if step.label in said:
                continue
            said.add(step.label)
        yield step


def _path(arguments: str) -> str:
    match = DESCRIPTOR.match(arguments)
    return _plain(match[2]) if match else ""


def _names(arguments: str) -> list[str]:
    return [text.decode(errors="replace") for text in _texts(arguments)]


def _texts(arguments: str) -> list[bytes]:
    return [bytes.fromhex(found.replace("\\x", "")) for found in TEXT.findall(arguments)]


def _plain(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path
