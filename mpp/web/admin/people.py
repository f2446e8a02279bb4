"""The admin's page of people: who may enter, with which role and rights."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp import clock
from mpp.actions import passwords, people
from mpp.actions.people import LONGEST_NAME, NewPerson
from mpp.auth import ADMINS
from mpp.domain.errors import NotFound, RuleBroken
from mpp.domain.people import RIGHT_WORDS, ROLE_WORDS, Right, Role
from mpp.queries import people as rows
from mpp.queries.people import PersonRow
from mpp.routes import container, mall, route
from mpp.web.forms import Form
from mpp.web.i18n import clock as at_clock
from mpp.web.i18n import day
from mpp.web.page import PAGE, Page, command, names_itself
from mpp.web.problems import leave_notice, notice, said
from mpp.web.signin.throttle import LONGEST_PASSWORD

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")
names_itself(bp)

GENERATE = "generate"
MISMATCH = "Kedua kata sandi tidak sama."


@route(bp, "GET", ADMINS, PAGE)
def everybody() -> Response:
    """Everybody who works in the mall, or those that are searched for."""
    search = request.args.get("q", "")[:LONGEST_NAME]
    with container().db.reading() as session:
        found = rows.people(session, mall(), clock.now(), search)
    return said(_page("admin/people.html", people=found, search=search))


@route(bp, "GET /people/new", ADMINS, PAGE)
def new() -> str:
    """The form for somebody new."""
    return _page("admin/new.html", form=Form({"role": Role.OFFICER}), agencies=mall().agencies.values())


@route(bp, "POST /people", ADMINS, PAGE)
def add() -> Response:
    """Add somebody; a password that was made is shown once."""
    form = Form(request.form)
    name, password = form.said("name"), _password(form)
    if form.said("role") not in ROLE_WORDS:
        form.refuse("role", "Pilih salah satu peran.")
    if not form.errors:
        agency = form.said("agency") or None
        _try(form, "name", people.add, NewPerson(name, Role(form.said("role")), agency, password))
    if form.errors:
        again = _page("admin/new.html", form=form, agencies=mall().agencies.values())
        return make_response(again, form.status)
    return _done(name, _made(form, password), f"{name} ditambahkan.", url_for(".everybody"))


@route(bp, "GET /people/<int:person_id>", ADMINS, PAGE)
def person(person_id: int) -> Response:
    """One person, and what an admin may do about them."""
    return said(_person_page(person_id, Form({})))


@route(bp, "POST /people/<int:person_id>/password", ADMINS, PAGE)
def set_password(person_id: int) -> Response:
    """Give them another password; their sessions end."""
    form, name = Form(request.form), _row(person_id).name
    password = _password(form)
    if not form.errors:
        _try(form, "password", people.set_password, name, password)
    if form.errors:
        return make_response(_person_page(person_id, form), form.status)
    return _done(name, _made(form, password), f"Kata sandi {name} diganti.", _place(person_id))


@route(bp, "POST /people/<int:person_id>/rights", ADMINS, Page(back="admin.person"))
def set_right(person_id: int) -> Response:
    """Grant or revoke a right."""
    name, right, on = _row(person_id).name, request.form.get("right", ""), "on" in request.form
    if right not in RIGHT_WORDS:
        raise NotFound
    change, words = (people.grant, "diberikan kepada") if on else (people.revoke, "dicabut dari")
    change(command(), name, Right(right))
    return _back(person_id, f"Izin “{RIGHT_WORDS[Right(right)]}” {words} {name}.")


@route(bp, "POST /people/<int:person_id>/disable", ADMINS, Page(back="admin.person"))
def disable(person_id: int) -> Response:
    """Disable them."""
    return _change(person_id, people.disable, "{} dinonaktifkan. Semua sesinya berakhir.")


@route(bp, "POST /people/<int:person_id>/enable", ADMINS, Page(back="admin.person"))
def enable(person_id: int) -> Response:
    """Enable them again."""
    return _change(person_id, people.enable, "{} diaktifkan kembali.")


@route(bp, "POST /people/<int:person_id>/sign-out", ADMINS, Page(back="admin.person"))
def sign_out(person_id: int) -> Response:
    """End all their sessions; a counter that they hold stays theirs."""
    return _change(person_id, people.sign_out_everywhere, "Semua sesi {} diakhiri.")


def last_here(at: datetime | None, now: datetime) -> str:
    """belum pernah; hari ini 08.12; kemarin 15.40; Senin, 23 November 2026"""
    if at is None:
        return "belum pernah"
    days = (now.date() - at.date()).days
    words = {0: "hari ini", 1: "kemarin"}.get(days)
    return f"{words} {at_clock(at)}" if words else day(at.date())


def _page(template: str, **shown: object) -> str:
    words = {"roles": ROLE_WORDS, "rights": RIGHT_WORDS, "last_here": last_here}
    return render_template(template, notice=notice(), **words, **shown)


def _person_page(person_id: int, form: Form) -> str:
    return _page("admin/person.html", person=_row(person_id), form=form)


def _row(person_id: int) -> PersonRow:
    with container().db.reading() as session:
        found = rows.person(session, mall(), clock.now(), person_id)
    if found is None:
        raise NotFound("Orang ini tidak ada.")
    return found


def _password(form: Form) -> str:
    """The password that was typed twice, or a new one."""
    if form.said("how") == GENERATE:
        return passwords.generated()
    typed = form.secret("password")[:LONGEST_PASSWORD]
    if not typed:
        form.refuse("password", "Isi kata sandi, atau minta dibuatkan.")
    elif typed != form.secret("again")[:LONGEST_PASSWORD]:
        form.refuse("again", MISMATCH)
    return typed


def _made(form: Form, password: str) -> str | None:
    return password if form.said("how") == GENERATE else None


def _try(form: Form, usual: str, change: Callable[..., object], *said: object) -> None:
    """Do it, or say beside which field it failed."""
    try:
        change(command(), *said)
    except RuleBroken as error:
        if error.status >= 500:
            raise
        form.blame(error, usual)


def _done(name: str, made: str | None, words: str, place: str) -> Response:
    """On to a page; a password that was made is shown once before."""
    container().authenticator.forget()
    if made:
        return make_response(_page("admin/password.html", name=name, password=made, words=words, place=place))
    response = make_response(redirect(place, 303))
    leave_notice(response, words)
    return response


def _change(person_id: int, change: Callable[..., None], words: str) -> Response:
    name = _row(person_id).name
    change(command(), name)
    return _back(person_id, words.format(name))


def _back(person_id: int, words: str) -> Response:
    container().authenticator.forget()
    response = make_response(redirect(_place(person_id), 303))
    leave_notice(response, words)
    return response


def _place(person_id: int) -> str:
    return url_for("admin.person", person_id=person_id)
