"""Commands that look: check the log, examine the installation."""

import click


def add_to(cli: click.Group) -> None:
    pass
