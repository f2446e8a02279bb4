"""A page: its address and who may enter are one declaration."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, request

from mpp.auth import Principal
from mpp.container import Container
from mpp.domain.mall import Mall


@dataclass(frozen=True, slots=True)
class Page:
    """What the test of access needs to know of a page."""

    method: str
    path: str
    endpoint: str
    allowed: tuple[str, ...]
    part: bool


PAGES: list[Page] = []

View = Callable[..., Any]


def page(
    blueprint: Blueprint,
    method: str,
    path: str,
    allowed: tuple[str, ...],
    *,
    part: bool = False,
    back: str | None = None,
) -> Callable[[View], View]:
    """Declare a page and who may enter.

    A `part` is fetched by a script: a broken rule answers it in one sentence. With `back`, a broken rule
    becomes a notice on that page; without, a page of its own.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def entered(**named: Any) -> Any:
            g.part, g.back = part, back
            g.principal = container().enter(request, allowed, opened=not part)
            return view(**named)

        entered.allowed, entered.shown = allowed, method == "GET" and not part  # type: ignore[attr-defined]
        blueprint.add_url_rule(
            path, view.__name__, entered, methods=[method], provide_automatic_options=False
        )
        place = f"{blueprint.url_prefix or ''}{path}"
        PAGES.append(Page(method, place, f"{blueprint.name}.{view.__name__}", allowed, part))
        return entered

    return declare


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


def container() -> Container:
    """What this server was built of."""
    found: Container = current_app.extensions["mpp"]
    return found


def principal() -> Principal:
    """Who asks for this page."""
    found: Principal = g.principal
    return found


def mall() -> Mall:
    """The plan of the principal's mall."""
    return container().malls.of(principal().mall_id)
