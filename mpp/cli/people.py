"""Commands about people: add, token, list, disable, enable, password, grant, revoke."""

import sys

import click

from mpp import clock
from mpp.actions import people
from mpp.actions.people import NewPerson
from mpp.cli.common import console, database, mall_option, the_mall
from mpp.domain.people import Right, Role
from mpp.queries.people import people as people_of

right_argument = click.argument("right", type=click.Choice([right.value for right in Right]))


@click.group()
def user() -> None:
    """People who work in the mall."""


@user.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", metavar="CODE", help="Only this agency; without it, all of the mall.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@mall_option
def add(name: str, role: str, agency: str | None, password_stdin: bool, mall_code: str | None) -> None:
    """Add a person."""
    people.add(console(mall_code), NewPerson(name, Role(role), agency, _password()))
    click.echo(f"{name} ditambahkan sebagai {role}.")


@user.command()
@click.argument("name")
@mall_option
def token(name: str, mall_code: str | None) -> None:
    """Make an API token with the person's rights; it is shown once, alone on the last line."""
    key = people.make_token(console(mall_code), name)
    click.echo(f"Token untuk {name}, hanya ditampilkan sekali:")
    click.echo(key)


@user.command("list")
@mall_option
def show(mall_code: str | None) -> None:
    """List people with role, agency, whether they may enter, and their rights."""
    db = database()
    mall = the_mall(db, mall_code)
    with db.reading() as session:
        for row in people_of(session, mall, clock.now()):
            state = "aktif" if row.active else "nonaktif"
            line = (row.name, row.role, row.agency or "semua", state, ",".join(row.rights))
            click.echo("\t".join(line).rstrip())


@user.command()
@click.argument("name")
@right_argument
@mall_option
def grant(name: str, right: str, mall_code: str | None) -> None:
    """Give a person a right beyond the role."""
    people.grant(console(mall_code), name, Right(right))
    click.echo(f"{name} sekarang berhak: {right}.")


@user.command()
@click.argument("name")
@right_argument
@mall_option
def revoke(name: str, right: str, mall_code: str | None) -> None:
    """Take a right away from a person."""
    people.revoke(console(mall_code), name, Right(right))
    click.echo(f"{name} tidak lagi berhak: {right}.")


@user.command()
@click.argument("name")
@mall_option
def disable(name: str, mall_code: str | None) -> None:
    """Disable a person."""
    people.disable(console(mall_code), name)
    click.echo(f"{name} dinonaktifkan.")


@user.command()
@click.argument("name")
@mall_option
def enable(name: str, mall_code: str | None) -> None:
    """Enable a person again."""
    people.enable(console(mall_code), name)
    click.echo(f"{name} diaktifkan kembali.")


@user.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@mall_option
def password(name: str, password_stdin: bool, mall_code: str | None) -> None:
    """Give a person another password."""
    people.set_password(console(mall_code), name, _password())
    click.echo(f"Kata sandi {name} diganti.")


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
