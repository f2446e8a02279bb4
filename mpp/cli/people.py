"""Commands about people: add, token, list, disable, password."""

import sys

import click
from sqlalchemy import select

from mpp.actions import people
from mpp.cli.common import CONSOLE, database, mall_option, the_mall
from mpp.domain.people import Person, Role


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
    db = database()
    people.add(db, the_mall(db, mall_code), CONSOLE, name, Role(role), agency, _password())
    click.echo(f"{name} ditambahkan sebagai {role}.")


@user.command()
@click.argument("name")
@mall_option
def token(name: str, mall_code: str | None) -> None:
    """Make an API token with the person's rights; it is shown once, alone on the last line."""
    db = database()
    key = people.make_token(db, the_mall(db, mall_code), CONSOLE, name)
    click.echo(f"Token untuk {name}, hanya ditampilkan sekali:")
    click.echo(key)


@user.command("list")
@mall_option
def show(mall_code: str | None) -> None:
    """List people with role and agency."""
    db = database()
    plan = the_mall(db, mall_code)
    codes = {agency.id: agency.code for agency in plan.agencies.values()}
    with db.reading() as session:
        for person in session.scalars(
            select(Person).where(Person.mall_id == plan.mall_id).order_by(Person.name)
        ):
            state = "aktif" if person.active else "nonaktif"
            click.echo(f"{person.name}\t{person.role}\t{codes.get(person.agency_id or 0, 'semua')}\t{state}")


@user.command()
@click.argument("name")
@mall_option
def disable(name: str, mall_code: str | None) -> None:
    """Close the door for a person."""
    db = database()
    people.disable(db, the_mall(db, mall_code), CONSOLE, name)
    click.echo(f"{name} dinonaktifkan.")


@user.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@mall_option
def password(name: str, password_stdin: bool, mall_code: str | None) -> None:
    """Give a person another password."""
    db = database()
    people.set_password(db, the_mall(db, mall_code), CONSOLE, name, _password())
    click.echo(f"Kata sandi {name} diganti.")


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
