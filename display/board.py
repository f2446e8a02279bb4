"""The page of a lobby screen: shows the calls of one zone and speaks them; mounted by the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

Effects = Mapping[str, Sequence[str]]
LOOK = Path(__file__).parent / "look"


@dataclass(frozen=True)
class Access:
    """Who may see a zone's screen: the server knows, this page only asks.

    `admit(zone, key)` says whether a key opens this zone; `entered(zone)` whether the present request carries
    a cookie that does; `remember(answer, key)` sets that cookie on the answer.
    """

    admit: Callable[[str, str], bool]
    entered: Callable[[str], bool]
    remember: Callable[[Response, str], None]


@dataclass(frozen=True)
class Pace:
    """How patient a screen is, in milliseconds; tests use a quicker one."""

    stale_after: int = 15_000  # without any sign of the server, what is shown may be untrue
    lost_after: int = 300_000  # nobody should act on numbers as old as this
    poll_every: int = 10_000  # asking over HTTP while the socket is down
    retry_least: int = 1_000  # between two attempts to connect, chosen at random
    retry_most: int = 5_000
    announce_within: int = 30_000  # an older call is shown, not spoken
    refresh_after: int = 700  # after news that say too little, before asking for the board
    page_turn: int = 9_000  # between two pages of counters
    silent_for: int = 5_000  # a call that cannot be spoken keeps the large place so long
    speed: float = 1.0  # of the voice
    reload_within: int = 5_000  # after an update, so that not all screens reload at once


def blueprint(allowed: Access, version: str, events: Effects, pace: Pace | None = None) -> Blueprint:
    """The pages `/<zone>` and `/<zone>/key` and their files, to be mounted under `/display`.

    `version` is the server's own (header MPP-Version): a page made by another version reloads itself.
    `events` says what the board does at each piece of news, in the words that `store.js` knows.
    """
    pages = Blueprint(
        "display", __name__, url_prefix="/display", template_folder="templates", static_folder="static"
    )

    @pages.get("/<zone>")
    def show(zone: str) -> ResponseReturnValue:
        if not allowed.entered(zone):
            return _fresh(render_template("display/key.html", zone=zone, wrong=False))
        made = {"version": version, "events": events, "pace": pace or Pace()}
        return _fresh(render_template("display/board.html", zone=zone, **made))

    @pages.post("/<zone>/key")
    def enter(zone: str) -> ResponseReturnValue:
        key = request.form.get("key", "").strip()
        if not allowed.admit(zone, key):
            return _fresh(render_template("display/key.html", zone=zone, wrong=True), 403)
        answer = redirect(url_for(".show", zone=zone), 303)
        allowed.remember(answer, key)
        return answer

    return pages


def look_blueprint() -> Blueprint:
    """The fonts, icons and colours that all pages share, at `/look/…`."""
    return Blueprint("look", __name__, static_folder=LOOK, static_url_path="/look")


def _fresh(page: str, status: int = 200) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
