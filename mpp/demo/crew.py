"""The programs of the demo, started together and ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

READY_WITHIN_S = 60
STOP_WITHIN_S = 6
PR_SET_PDEATHSIG = 1


class CrewFailed(Exception):
    """One of the programs did not start, or ended by itself."""


class Crew:
    """Programs by name; each writes to its own log file."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._programs: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, module: str, *arguments: str, env: Mapping[str, str]) -> None:
        """Start one of our own commands, by the module that holds its `main`."""
        run = f"import sys; sys.argv[0] = {name!r}; from {module} import main; main()"
        with open(self._logs / f"{name}.log", "ab") as log:
            self._programs[name] = subprocess.Popen(
                [sys.executable, "-c", run, *arguments],
                env={**os.environ, **env},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def wait_for(self, url: str) -> None:
        """Return when an address answers; raise `CrewFailed` when a program ends or time is up."""
        self._until(lambda: _answers(url), READY_WITHIN_S, f"{url} tidak menjawab")

    def watch(self) -> None:
        """Return when a program has ended by itself, as an error."""
        while True:
            self._refuse_ended()
            time.sleep(0.5)

    def stop(self) -> None:
        """End all programs, the last started first."""
        running = [each for each in reversed(self._programs.values()) if each.poll() is None]
        for each in running:
            each.terminate()
        for each in running:
            try:
                each.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()

    def _until(self, holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
        end = time.monotonic() + seconds
        while not holds():
            self._refuse_ended()
            if time.monotonic() > end:
                raise CrewFailed(otherwise)
            time.sleep(0.2)

    def _refuse_ended(self) -> None:
        for name, program in self._programs.items():
            if program.poll() is not None:
                raise CrewFailed(f"{name} berhenti (kode {program.returncode}).\n{self._last_lines(name)}")

    def _last_lines(self, name: str) -> str:
        lines = (self._logs / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code < 500
    except httpx.HTTPError:
        return False
