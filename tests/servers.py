"""The servers that tests lean on: PostgreSQL, Redis and our own programs, on ports of their own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from glob import glob
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = ROOT / ".venv" / "bin"


class NotReady(AssertionError):
    """A program ended or stayed silent where it should have answered; says what it wrote."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def wait_until(true: Callable[[], object], seconds: float = 10, what: str = "the condition") -> float:
    """Look again and again until it is true; returns the seconds it took, or fails."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise NotReady(f"{what}: not within {seconds} s")
        time.sleep(0.005)
    return time.monotonic() - start


def answers(url: str, status: int = 200) -> bool:
    """Whether this address answers with this status now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == status
    except urllib.error.HTTPError as error:
        return error.code == status
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """This process and all that it started, parents first."""
    children: dict[int, list[int]] = {}
    for stat in glob("/proc/[0-9]*/stat"):
        with suppress(OSError):
            after_name = Path(stat).read_text().rpartition(")")[2].split()
            children.setdefault(int(after_name[1]), []).append(int(stat.split("/")[2]))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def memory(pid: int) -> float:
    """The memory of this process and its children in MB; a shared page counts by its share."""
    total = 0
    for one in family(pid):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


class Program:
    """One running program: its output is kept, its whole family can be killed, paused and stopped."""

    def __init__(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        user: str | None = None,
        log: Path | None = None,
        cwd: Path = ROOT,
    ) -> None:
        self.command = [str(part) for part in command]
        self.log = log or Path(tempfile.mkstemp(prefix="mpp-", suffix=".log")[1])
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                _as_user(user, "KILL") + self.command,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=cwd,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def ready(self, url: str, seconds: float = 30) -> float:
        """Wait until the address answers 200; returns the seconds it took."""

        def there() -> bool:
            if not self.running:
                raise NotReady(f"{self.command[0]} ended ({self.process.returncode}):\n{self.output[-4000:]}")
            return answers(url)

        try:
            return wait_until(there, seconds, url)
        except NotReady as error:
            raise NotReady(f"{error}\n{self.output[-4000:]}") from None

    def says(self, words: str, seconds: float = 30) -> str:
        """Wait until the program has written these words; returns all that it wrote."""
        try:
            wait_until(lambda: words in self.output or not self.running, seconds, repr(words))
        finally:
            if words not in self.output:
                raise NotReady(f"{self.command[0]} did not say {words!r}:\n{self.output[-4000:]}")
        return self.output

    def kill(self) -> None:
        """SIGKILL to the whole family at once, as when the machine's plug is pulled."""
        for pid in family(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def pause(self) -> None:
        for pid in family(self.pid):
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in family(self.pid):
            os.kill(pid, signal.SIGCONT)

    def stop(self, seconds: float = 10) -> int:
        """Ask it to end and wait; what does not end is killed. Returns the exit status."""
        if self.running:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise NotReady(f"{self.command[0]} did not end in {seconds} s:\n{self.output[-4000:]}") from None


class Postgres:
    """One PostgreSQL cluster in a temporary directory; `sync` where a test needs the truth of fsync."""

    def __init__(self, *, sync: bool = False) -> None:
        self.port = free_port()
        self.sync = sync
        self.room = Path(tempfile.mkdtemp(prefix="mpp-pg-"))
        self.user = _unprivileged("postgres")
        self._numbers = count(1)
        if self.user:
            shutil.chown(self.room, self.user)
        self._call(
            "initdb", "-D", self.room / "data", "-U", "mpp", "-A", "trust", "-E", "UTF8", "--no-locale"
        )
        self.start()

    def start(self) -> float:
        """Start it; returns the seconds until it takes connections."""
        settings = {"listen_addresses": "127.0.0.1", "max_connections": "200"}
        if not self.sync:
            settings |= dict.fromkeys(["fsync", "synchronous_commit", "full_page_writes"], "off")
        where = ["-D", self.room / "data", "-k", self.room, "-p", str(self.port)]
        switches = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.program = Program(
            [_postgres_bin() / "postgres", *where, *switches],
            user=self.user,
            log=self.room.with_suffix(".log"),
            cwd=Path("/"),
        )
        return wait_until(self._takes_connections, 30, "PostgreSQL")

    def database(self, template: str = "template0") -> str:
        """The address of a fresh database, copied from another where one is named."""
        name = f"t{next(self._numbers)}"
        # From 15 on the default writes all of it to the log, at three times the cost of copying files.
        how = " STRATEGY file_copy" if int(_postgres_bin().parent.name) >= 15 else ""
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}{how}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.ask(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://mpp@127.0.0.1:{self.port}/{name}"

    def ask(self, statement: str) -> list[tuple]:
        """Run one statement as the cluster's owner, outside any transaction."""
        import psycopg

        with psycopg.connect(f"postgresql://mpp@127.0.0.1:{self.port}/postgres", autocommit=True) as line:
            cursor = line.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """SIGKILL to the server and all its children; its lock files stay, as after a power cut."""
        self.program.kill()

    def restart(self) -> float:
        return self.start()

    def stop(self) -> None:
        if self.program.running:
            self.program.process.send_signal(signal.SIGINT)
            self.program.process.wait(20)
        shutil.rmtree(self.room, ignore_errors=True)
        self.room.with_suffix(".log").unlink(missing_ok=True)

    def _takes_connections(self) -> bool:
        import psycopg

        if not self.program.running:
            raise NotReady(f"PostgreSQL ended:\n{self.program.output[-4000:]}")
        with suppress(psycopg.OperationalError):
            self.ask("SELECT 1")
            return True
        return False

    def _call(self, name: str, *arguments: str | Path) -> None:
        command = [*_as_user(self.user), str(_postgres_bin() / name), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/")


class Redis:
    """One Redis server that keeps nothing on disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.user = _unprivileged("redis")
        self.start()

    def start(self) -> float:
        settings = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": "/tmp"}
        self.program = Program(
            ["redis-server", *(part for key, value in settings.items() for part in (f"--{key}", str(value)))],
            user=self.user,
            cwd=Path("/"),
        )
        return wait_until(self._answers, 10, "Redis")

    def kill(self) -> None:
        self.program.kill()

    def pause(self) -> None:
        """It holds its connections and says nothing, as when it hangs."""
        self.program.pause()

    def resume(self) -> None:
        self.program.resume()

    def stop(self) -> None:
        if self.program.running:
            self.program.kill()
        self.program.log.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


def _postgres_bin() -> Path:
    found = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise NotReady("PostgreSQL is not installed; .ci/debian says how to get it")
    return Path(found[-1])


def _unprivileged(name: str) -> str | None:
    """Whom to run a server as: the package's own user or nobody when we are root, else ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        return "nobody"


def _as_user(user: str | None, death: str | None = None) -> list[str]:
    """The words before a command that give up root, and that let it die when its parent does."""
    words = ["setpriv"]
    if death:
        words += ["--pdeathsig", death]
    if user:
        entry = pwd.getpwnam(user)
        words += ["--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--clear-groups"]
    return [*words, "--"] if len(words) > 1 else []
