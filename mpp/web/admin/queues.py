"""The admin's page of lines: in which order each is called, how many numbers a day, how counters choose."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from mpp.actions import settings
from mpp.auth import ADMINS
from mpp.domain.errors import NotFound, RuleBroken
from mpp.domain.mall import Counter, Queue
from mpp.domain.mall_words import Policy
from mpp.routes import container, mall, principal, route
from mpp.web.agencies import agencies
from mpp.web.forms import Form
from mpp.web.page import PAGE, command, names_itself
from mpp.web.problems import leave_notice, notice, said

bp = Blueprint("admin_queues", __name__, url_prefix="/admin")
names_itself(bp)

PICKS = {
    "preference": "menurut urutan antrean",
    "longest_wait": "yang paling lama menunggu",
    "relative_wait": "yang paling lama dibanding standar",
}
# What the form offers for an order that is not chosen yet.
USUAL = {"minutes": "15", "regular": "2", "priority": "1"}


@route(bp, "GET /queues", ADMINS, PAGE)
def show() -> Response:
    """Every line and every counter, by agency."""
    return said(_page("admin/queues.html", groups=agencies(mall(), principal())))


@route(bp, "GET /queues/<code>", ADMINS, PAGE)
def queue(code: str) -> str:
    """One line: its order and its numbers a day."""
    return _queue_page(_queue(code), Form(_kept(_queue(code))))


@route(bp, "POST /queues/<code>", ADMINS, PAGE)
def set_queue(code: str) -> Response:
    """Set them, for numbers taken from now on."""
    form, kind = Form(request.form), request.form.get("kind", "")
    numbers = {name: form.number(name) for name in settings.POLICIES.get(kind, {})}
    quota = form.number("quota") if form.said("quota") else None
    try:
        settings.set_queue(command(), code, {"kind": kind, **numbers}, quota)
    except RuleBroken as error:
        return _mend(error, form, _queue_page(_queue(code), _blamed(form, error, "kind")))
    return _saved(f"Antrean {code} disimpan. Berlaku untuk nomor yang diambil mulai sekarang.")


@route(bp, "GET /counters/<int:counter_id>", ADMINS, PAGE)
def counter(counter_id: int) -> str:
    """One counter: how it chooses among its lines."""
    place = mall().counter(counter_id)
    kept = {"picks": place.picks, "prefers": "on" if place.prefers_priority else ""}
    return _counter_page(place, Form(kept))


@route(bp, "POST /counters/<int:counter_id>", ADMINS, PAGE)
def set_counter(counter_id: int) -> Response:
    """Set it, from its next call on."""
    form, place = Form(request.form), mall().counter(counter_id)
    picks, prefers = form.said("picks"), bool(form.said("prefers"))
    try:
        settings.set_counter(command(), counter_id, picks, prefers)
    except RuleBroken as error:
        return _mend(error, form, _counter_page(place, _blamed(form, error, "picks")))
    return _saved(f"{place.name} disimpan. Berlaku sejak panggilan berikutnya.")


def order_words(policy: Policy) -> str:
    """prioritas dihitung 15 menit lebih awal; 2 umum, lalu 1 prioritas; prioritas selalu lebih dahulu"""
    if policy["kind"] == "head_start":
        return f"prioritas dihitung {policy['minutes']} menit lebih awal"
    if policy["kind"] == "ratio":
        return f"{policy['regular']} umum, lalu {policy['priority']} prioritas"
    return "prioritas selalu lebih dahulu"


def _queue(code: str) -> Queue:
    if (found := mall().queues.get(code)) is None:
        raise NotFound(f"Antrean {code} tidak ada.")
    return found


def _kept(queue: Queue) -> dict[str, str]:
    """The form as the line is set now."""
    policy = {name: str(value) for name, value in queue.policy.items()}
    return {**USUAL, **policy, "quota": "" if queue.quota is None else str(queue.quota)}


def _queue_page(queue: Queue, form: Form) -> str:
    counters = [place for place in mall().counters.values() if queue in place.queues]
    return _page("admin/queue.html", queue=queue, form=form, counters=counters)


def _counter_page(place: Counter, form: Form) -> str:
    return _page("admin/counter.html", counter=place, form=form)


def _page(template: str, **shown: object) -> str:
    return render_template(template, notice=notice(), picks=PICKS, order_words=order_words, **shown)


def _blamed(form: Form, error: RuleBroken, usual: str) -> Form:
    form.blame(error, usual)
    return form


def _mend(error: RuleBroken, form: Form, text: str) -> Response:
    """The form again, as it was filled in; a failure that no field explains is its own page."""
    if error.status != 422:
        raise error
    return make_response(text, form.status)


def _saved(words: str) -> Response:
    container().db.recent.forget()
    response = make_response(redirect(url_for(".show"), 303))
    leave_notice(response, words)
    return response
