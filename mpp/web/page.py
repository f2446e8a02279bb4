"""What a page is, and the answers that parts of one share."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, request

from mpp.actions.transaction import Command, Intent
from mpp.routes import ROUTES, Kind, container, principal


@dataclass(frozen=True)
class Page(Kind):
    """A page. A broken rule becomes a notice on the page `back`; without it, a page of its own.

    A `part` is fetched by a script: a broken rule answers it in one sentence, and asking for it does not
    touch the session.
    """

    part: bool = False
    back: str | None = None

    @property
    def opened(self) -> bool:
        return not self.part


PAGE = Page()
PART = Page(part=True)


def page_of(endpoint: str | None) -> Page | None:
    """The page that this endpoint is, if it is one."""
    found = ROUTES.get(endpoint or "")
    return found.kind if found and isinstance(found.kind, Page) else None


def part_of(text: str) -> Response:
    """A part of a page; whoever has it already is told so in a few bytes."""
    response = make_response(text)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def names_itself(blueprint: Blueprint) -> None:
    """Let the forms of these pages say where they come from; under `no-referrer` they would not."""

    @blueprint.after_request
    def allow(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def command(key: str | None = None, body: Mapping[str, object] | None = None) -> Command:
    """What this page asks for; with the key of a form, once."""
    who, address = principal(), f"{request.method} {request.path}"
    intent = Intent.of(who.actor, key, address, body or {}) if key else None
    return Command(container().db, who, intent)
