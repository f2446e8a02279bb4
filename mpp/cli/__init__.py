"""The command `mpp`: everything an administrator does from a terminal."""

import os
import sys
from importlib import import_module

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from mpp import VERSION
from mpp.db import UnsafeDatabase
from mpp.domain.errors import Busy, RuleBroken
from mpp.mallfile.mistakes import MallFileWrong
from mpp.schema import SchemaWrong
from mpp.settings import SecretTooShort
from mpp.soundness import Unsound

# Each command and the module that holds it; only the one that is meant is read, so `serve` starts sooner.
COMMANDS = {
    "check": "checks",
    "demo": "demo",
    "device": "devices",
    "doctor": "doctor",
    "init": "setup",
    "migrate": "setup",
    "serve": "setup",
    "user": "people",
}

# Database, log, folders and keys are born 0600 and 0700.
OURS_ALONE = 0o077


class Commands(click.Group):
    """Finds commands by their module's name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"mpp.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="mpp")
def cli() -> None:
    """Antrean Mal Pelayanan Publik."""


def main() -> None:
    """Run a command; a failure ends with a sentence on standard error and a code other than 0."""
    try:
        os.umask(OURS_ALONE)
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DBAPIError as error:
        _fail(_broken_words(error))
    except Busy as error:
        _fail(_broken_words(error.__cause__) if isinstance(error.__cause__, DBAPIError) else error.detail)
    except RuleBroken as error:
        _fail(error.detail)
    except MallFileWrong as error:
        _fail("\n".join(str(mistake) for mistake in error.mistakes))
    except (SchemaWrong, SecretTooShort, Unsound, UnsafeDatabase) as error:
        _fail(str(error))
    except (ValidationError, SettingsError) as error:
        _fail(_settings_words(error))


def _broken_words(error: DBAPIError) -> str:
    cause = str(error.orig).strip().partition("\n")[0]
    return f"Basis data tidak dapat dipakai: {cause}. Jalankan: mpp doctor"


def _settings_words(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"Pengaturan tidak dapat dibaca: {error}"
    lines = [f"{'.'.join(map(str, each['loc'])) or 'pengaturan'}: {each['msg']}" for each in error.errors()]
    return "Pengaturan salah (config/mpp.toml atau MPP_*):\n" + "\n".join(lines)


def _fail(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(1)
