"""The settings of an installation: config/mpp.toml first, then the environment (MPP_*)."""

import os
import secrets
import tempfile
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from hmac import new as hmac
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CONFIG_FILE = Path("config/mpp.toml")


SHORTEST_SECRET = 32


class SecretTooShort(Exception):
    """Tokens made with such a secret could be guessed; the program must not start with it."""

    def __str__(self) -> str:
        return f"MPP_SECRET_KEY atau secret.key harus paling sedikit {SHORTEST_SECRET} karakter."


class Settings(BaseSettings):
    """What an administrator may set; a misspelt key stops the program at the start."""

    model_config = SettingsConfigDict(env_prefix="MPP_", toml_file=CONFIG_FILE, extra="forbid")

    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    bind: str = "127.0.0.1:8000"
    secret_key: str = Field("", repr=False)
    public_url: str = ""
    rate_limits: Literal["on", "off"] = "on"
    workers: int = Field(1, ge=1, le=16)
    async_mode: Literal["threads", "gevent"] = "threads"
    behind_proxy: bool = False
    screens: int = Field(250, ge=1, le=5000)
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL"
    unsafe_for_tests: bool = False

    @classmethod
    def load(cls) -> "Settings":
        """The settings of this process. Raises pydantic's `ValidationError` with every mistake."""
        return cls.model_validate({})

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return named["init_settings"], named["env_settings"], TomlConfigSettingsSource(settings_cls)

    @field_validator("public_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("MPP_PUBLIC_URL must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("bind")
    @classmethod
    def _host_and_port(cls, bind: str) -> str:
        host, _, port = bind.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("MPP_BIND must be host:port")
        return bind

    @model_validator(mode="after")
    def _sound_combination(self) -> "Settings":
        if self.workers > 1 and not self.redis_url:
            raise ValueError(
                "more than one worker needs MPP_REDIS_URL: without it, displays would miss calls"
            )
        if self.workers > 1 and self.on_sqlite:
            raise ValueError("more than one worker needs PostgreSQL (MPP_DATABASE_URL)")
        if self.async_mode == "gevent" and self.on_sqlite:
            raise ValueError(
                "gevent needs PostgreSQL: with SQLite one waiting write would stop the whole server"
            )
        if self.rate_limits == "off" and not self.on_loopback:
            raise ValueError("MPP_RATE_LIMITS=off is only allowed while MPP_BIND is a loopback address")
        if self.sqlite_synchronous != "FULL" and not self.unsafe_for_tests:
            raise ValueError(
                "SQLite must run with synchronous=FULL: anything less loses numbers in a power cut"
            )
        return self

    @property
    def url(self) -> str:
        """The database's address; a SQLite file in the data directory unless set."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'mpp.sqlite3').absolute()}"

    @property
    def on_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def on_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def base_url(self) -> str:
        """Where visitors' phones find the pages; the bound address while no public one is set."""
        return self.public_url or f"http://{self.bind}"

    @cached_property
    def secret(self) -> bytes:
        """The installation's secret: from the environment, else made once and kept in a 0600 file."""
        found = self.secret_key.encode() or _kept_secret(self.data_dir / "secret.key")
        if len(found) < SHORTEST_SECRET:
            raise SecretTooShort
        return found

    @cached_property
    def token_key(self) -> bytes:
        """The key that the tokens of tickets and appointments are derived with."""
        return self.key_for("ticket token")

    def key_for(self, purpose: str) -> bytes:
        """A key of its own for each purpose, derived from the one secret."""
        return hmac(self.secret, purpose.encode(), sha256).digest()


def _kept_secret(path: Path) -> bytes:
    """The secret in this file. It is there whole or not at all: a power cut must not leave an empty one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".secret-") as draft:
            draft.write(secrets.token_urlsafe(48).encode())
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                os.link(draft.name, path)
        _sync(path.parent)
    return path.read_bytes()


def _sync(directory: Path) -> None:
    place = os.open(directory, os.O_RDONLY)
    os.fsync(place)
    os.close(place)
