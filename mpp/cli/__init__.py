"""The command `mpp`: everything an administrator does from a terminal."""

import sys

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from mpp import VERSION
from mpp.cli import checks, demo, devices, people, setup
from mpp.db import UnsafeDatabase
from mpp.domain.errors import RuleBroken
from mpp.mallfile import MallFileWrong
from mpp.schema import SchemaWrong
from mpp.settings import SecretTooShort


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="mpp")
def cli() -> None:
    """Antrean Mal Pelayanan Publik."""


for group in (setup, people, devices, checks, demo):
    group.add_to(cli)


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
