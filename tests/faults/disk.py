"""A disk that keeps what was synced, and of the rest whatever a power cut happens to leave."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.trace import Acknowledge, Create, Remove, Step, SyncBegun, SyncDone, Truncate, Write

SECTOR = 512

Content = dict[str, bytearray]
Pending = Write | Truncate | Create | Remove
Survivors = list[Pending]


@dataclass
class Disk:
    """The files as they surely are, and the changes that no sync has confirmed yet, in their order."""

    files: Content
    pending: list[Pending] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    _asked: dict[tuple[int, str], list[Pending]] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Let one step of the recording happen."""
        match step:
            case Acknowledge(label):
                self.acknowledged.add(label)
            case SyncBegun(path, thread):
                self._asked[thread, path] = [change for change in self.pending if _kept_by(path, change)]
            case SyncDone(path, thread):
                self._keep(self._asked.pop((thread, path), []))
            case _:
                self.pending.append(step)

    def image(self, survivors: Survivors) -> Content:
        """The files after a cut that only these unconfirmed changes survived."""
        files = {path: bytearray(content) for path, content in self.files.items()}
        for change in survivors:
            _apply(files, change)
        return files

    def _keep(self, changes: list[Pending]) -> None:
        kept = {id(change) for change in changes}
        for change in changes:
            _apply(self.files, change)
        self.pending = [change for change in self.pending if id(change) not in kept]


def nothing(pending: list[Pending], _: random.Random) -> Survivors:
    return []


def everything(pending: list[Pending], _: random.Random) -> Survivors:
    return list(pending)


def the_first(pending: list[Pending], chance: random.Random) -> Survivors:
    return pending[: chance.randrange(len(pending) + 1)]


def some(pending: list[Pending], chance: random.Random) -> Survivors:
    return [change for change in pending if chance.random() < 0.5]


def some_with_one_torn(pending: list[Pending], chance: random.Random) -> Survivors:
    """Any of them, and of one write only some of its sectors."""
    chosen = some(pending, chance)
    writes = [index for index, change in enumerate(pending) if isinstance(change, Write)]
    if not writes:
        return chosen
    torn = pending[chance.choice(writes)]
    assert isinstance(torn, Write)
    sectors = range(0, len(torn.content), SECTOR)
    pieces = [
        Write(torn.path, torn.offset + at, torn.content[at : at + SECTOR])
        for at in sectors
        if chance.random() < 0.5
    ]
    return [change for change in chosen if change is not torn] + pieces


Cut = Callable[[list[Pending], random.Random], Survivors]


def cuts(pending: int) -> list[Cut]:
    """The kinds of cut that differ from each other while so many changes are unconfirmed."""
    if pending == 0:
        return [nothing]
    return [nothing, everything, some_with_one_torn] + ([the_first, some, some] if pending > 2 else [])


def write_image(files: Content, room: Path) -> None:
    """Lay the files of a crash image into this directory, and nothing else of the kind."""
    for left in room.iterdir():
        left.unlink()
    for path, content in files.items():
        (room / Path(path).name).write_bytes(content)


def _kept_by(path: str, change: Pending) -> bool:
    """A file's sync keeps its content and, as every journalling file system does, what became of its name."""
    named = isinstance(change, Create | Remove)
    return change.path == path or (named and path == str(Path(change.path).parent))


def _apply(files: Content, change: Pending) -> None:
    match change:
        case Create(path):
            files.setdefault(path, bytearray())
        case Remove(path):
            files.pop(path, None)
        case Truncate(path, size):
            content = files.setdefault(path, bytearray())
            del content[size:]
            content.extend(bytes(size - len(content)))
        case Write(path, offset, written):
            content = files.setdefault(path, bytearray())
            content.extend(bytes(max(0, offset + len(written) - len(content))))
            content[offset : offset + len(written)] = written
