"""Cut the power at every moment: record a server's disk, replay it into crash images, look for lost numbers.

A killed process proves nothing about a power cut: the kernel still writes what the process left behind. So
the server runs under strace; each write, sync and answer is replayed; and at thousands of moments we ask: had
the power gone now, with any part of the unsynced writes on the disk, would a known number be gone?
"""

import os
import random
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3

from tests.faults import disk, trace
from tests.servers import Program, family

LABEL = re.compile(rb'"label": ?"([A-Z]{1,4}-\d+)"')
MINIMUM = (3, 51, 3)


@dataclass
class Recording:
    """What was on the disk before, what the server did, and which numbers its clients got."""

    before: disk.Content
    steps: list[trace.Step]
    taken: set[str]


@dataclass
class Verdict:
    """What the crash images showed."""

    images: int = 0
    losing: int = 0
    worst: int = 0
    broken: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kinds = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in sorted(self.kinds.items()))
        return (
            f"{self.images} crash images ({kinds}): {self.losing} lost acknowledged numbers "
            f"(at worst {self.worst}), {len(self.broken)} were broken"
        )


def record(
    command: Sequence[str | Path],
    env: Mapping[str, str],
    database: Path,
    drive: Callable[[Program], set[str]],
    answer: re.Pattern[bytes] = LABEL,
) -> Recording:
    """Run the server under strace while `drive` takes numbers; it returns the labels it got."""
    with tempfile.TemporaryDirectory(prefix="mpp-cut-") as room:
        file = Path(room) / "trace"
        before = _files(database)
        program = Program([*trace.RECORD, file, *command], env, log=Path(room) / "log")
        try:
            taken = drive(program)
            _end(program)
        finally:
            if program.running:
                program.kill()
        steps = trace.read(file, database, answer)
    said = {step.label for step in steps if isinstance(step, trace.Acknowledge)}
    assert taken <= said, f"{len(taken - said)} answers are missing in the recording"
    return Recording(before, steps, taken)


def replay(
    recording: Recording,
    database: Path,
    images: int = 1000,
    seed: int = 1,
    also: Callable[[Path], None] | None = None,
    table: str = "ticket",
) -> Verdict:
    """Open this many crash images, spread over the whole recording; `also` looks closer at some of them."""
    assert pysqlite3.sqlite_version_info >= MINIMUM, pysqlite3.sqlite_version
    chance = random.Random(seed)
    moments = _moments(recording, images, chance)
    state = disk.Disk({path: bytearray(content) for path, content in recording.before.items()})
    verdict = Verdict()
    room = Path(tempfile.mkdtemp(prefix="mpp-image-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    try:
        for index, step in enumerate(recording.steps):
            state.take(step)
            for cut in moments.get(index, ()):
                disk.write_image(state.image(cut(state.pending, chance)), room)
                _judge(room / database.name, state.acknowledged, table, verdict, cut.__name__)
                if also and verdict.images % 100 == 0:
                    also(room / database.name)
    finally:
        shutil.rmtree(room)
    return verdict


def _moments(recording: Recording, images: int, chance: random.Random) -> dict[int, list[disk.Cut]]:
    """Which cut to try after which step: evenly, and only where it makes an image of its own."""
    state = disk.Disk({path: bytearray(content) for path, content in recording.before.items()})
    every: list[tuple[int, disk.Cut]] = []
    for index, step in enumerate(recording.steps):
        state.take(step)
        if state.acknowledged or isinstance(step, trace.Write):
            every += [(index, cut) for cut in disk.cuts(len(state.pending))]
    moments: dict[int, list[disk.Cut]] = {}
    for index, cut in chance.sample(every, min(images, len(every))):
        moments.setdefault(index, []).append(cut)
    return moments


def _judge(image: Path, acknowledged: set[str], table: str, verdict: Verdict, kind: str) -> None:
    verdict.images += 1
    verdict.kinds[kind] += 1
    try:
        line = pysqlite3.connect(str(image))
        try:
            (whole,) = line.execute("PRAGMA integrity_check").fetchone()
            kept = {label for (label,) in line.execute(f"SELECT label FROM {table}")}
        finally:
            line.close()
    except pysqlite3.DatabaseError as error:
        verdict.broken.append(str(error))
        return
    if whole != "ok":
        verdict.broken.append(whole)
    lost = len(acknowledged - kept)
    verdict.losing += lost > 0
    verdict.worst = max(verdict.worst, lost)


def _files(database: Path) -> disk.Content:
    names = [database, Path(f"{database}-wal"), Path(f"{database}-journal")]
    return {str(path): bytearray(path.read_bytes()) for path in names if path.exists()}


def _end(program: Program) -> None:
    """Ask the recorded server to end, so that its last checkpoint is recorded too."""
    for pid in family(program.pid)[1:2]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    program.process.wait(30)
