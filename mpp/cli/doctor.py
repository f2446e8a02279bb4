"""The command that examines the installation, in words that help an administrator."""

import sys

import click

from mpp.doctor import examinations
from mpp.doctor.finding import WRONG


@click.command()
def doctor() -> None:
    """Examine settings, files, database, clock and surroundings; exit 1 when something is wrong."""
    words = []
    for finding in examinations():
        words.append(finding.word)
        click.echo(f"{finding.word + ':':<11}{finding.sentence}")
    sys.exit(1 if WRONG in words else 0)
