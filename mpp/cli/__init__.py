"""The command `mpp`: everything an administrator does from a terminal."""

import sys
from importlib import import_module

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from mpp import VERSION
from mpp.db import UnsafeDatabase
from mpp.domain.errors import RuleBroken
from mpp.mallfile.mistakes import MallFileWrong
from mpp.schema import SchemaWrong
from mpp.settings import SecretTooShort

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
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except RuleBroken as error:
        _fail(error.detail)
    except MallFileWrong as error:
        _fail("\n".join(str(mistake) for mistake in error.mistakes))
    except (SchemaWrong, SecretTooShort, UnsafeDatabase) as error:
        _fail(str(error))
    except (ValidationError, SettingsError) as error:
        _fail(_settings_words(error))


def _settings_words(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"Pengaturan tidak dapat dibaca: {error}"
    lines = [f"{'.'.join(map(str, each['loc'])) or 'pengaturan'}: {each['msg']}" for each in error.errors()]
    return "Pengaturan salah (config/mpp.toml atau MPP_*):\n" + "\n".join(lines)


def _fail(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(1)
