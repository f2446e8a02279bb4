"""The sample mall, running: made by our own commands, as an administrator would."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.faults.client import Client
from tests.servers import BIN, ROOT, NotReady, Program, free_port

MALL = ROOT / "config" / "malls" / "sagara.json"
PASSWORD = "Hujan-di-Sagara-2026"


class Hall:
    """One installation on one database: its commands, its server, the keys of its devices and people."""

    def __init__(self, room: Path, database_url: str, **settings: str) -> None:
        self.room = room
        self.database_url = database_url
        self.bind = f"127.0.0.1:{free_port()}"
        self.base = f"http://{self.bind}"
        self.env = {
            "MPP_DATABASE_URL": database_url,
            "MPP_DATA_DIR": str(room / "data"),
            "MPP_BIND": self.bind,
            "MPP_RATE_LIMITS": "off",
            **{f"MPP_{name.upper()}": value for name, value in settings.items()},
        }
        self.kiosk = self.officer = self.display = ""  # keys, once somebody made them
        self._starts = 0

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    def furnish(self) -> None:
        """Migrate, read the sample mall, open it at any hour."""
        self.command("migrate")
        self.command("init", "--mall", str(MALL), "--hours", "always")

    def device(self, kind: str, name: str, *zones: str) -> str:
        """A new device's key."""
        where = [word for zone in zones for word in ("--zone", zone)]
        return self.command("device", "add", "--kind", kind, "--name", name, *where).split()[-1]

    def person(self, name: str, role: str, agency: str | None = None) -> str:
        """A new person's API token."""
        where = ["--agency", agency] if agency else []
        self.command("user", "add", name, "--role", role, *where, "--password-stdin", words=PASSWORD + "\n")
        return self.command("user", "token", name).split()[-1]

    def command(self, *arguments: str, words: str = "") -> str:
        """Run `mpp` with these arguments; returns what it printed, or fails with what it complained."""
        done = subprocess.run(
            [BIN / "mpp", *arguments],
            input=words,
            env=self._whole_env(),
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=120,
        )
        if done.returncode:
            raise NotReady(
                f"mpp {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    @property
    def serve_command(self) -> list[str | Path]:
        return [BIN / "mpp", "serve"]

    def serve(self) -> Program:
        """Start the server; the caller waits with `program.ready(hall.ready_url)`."""
        self._starts += 1
        return Program(self.serve_command, self.env, log=self.room / f"serve-{self._starts}.log")

    @property
    def ready_url(self) -> str:
        return f"{self.base}/readyz"

    def client(self, key: str = "", timeout: float = 10) -> Client:
        return Client(self.base, key, timeout)

    def running(self, use: Callable[["Hall"], None]) -> None:
        """Serve while `use` runs, then end the server."""
        server = self.serve()
        try:
            server.ready(self.ready_url)
            use(self)
        finally:
            if server.running:
                server.stop(20)

    def _whole_env(self) -> dict[str, str]:
        return {**os.environ, **self.env}
