"""A route of pages and of the API: its address, who may enter and its kind are one declaration."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from flask import Blueprint, current_app, g, request
from flask.typing import ResponseReturnValue

from mpp.container import Container
from mpp.domain.mall import Mall
from mpp.domain.principal import Principal

View = Callable[..., ResponseReturnValue]


class Kind:
    """What a route is beside its address: a page, a part of one, or an answer to a program."""

    @property
    def opened(self) -> bool:
        """Whether entering is a touch of the session, as of a page that somebody opens."""
        return False

    def taken(self) -> dict[str, object]:
        """What the view gets beside the arguments of its path. Raises what is wrong with the request."""
        return {}


@dataclass(frozen=True, slots=True)
class Route:
    """What was declared. `endpoint` is Flask's name of it, `summary` the first line of its docstring."""

    method: str
    path: str
    endpoint: str
    allowed: tuple[str, ...]
    kind: Kind
    summary: str = ""


# Every route of the server by its endpoint.
ROUTES: dict[str, Route] = {}


def route(blueprint: Blueprint, rule: str, allowed: tuple[str, ...], kind: Kind) -> Callable[[View], View]:
    """Declare a route: `rule` is its method and its path below the blueprint's, as "GET /route"."""
    method, _, path = rule.partition(" ")

    def declare(view: View) -> View:
        @wraps(view)
        def entered(**named: object) -> ResponseReturnValue:
            g.principal = container().enter(request, allowed, opened=kind.opened)
            return view(**named, **kind.taken())

        blueprint.add_url_rule(
            path, view.__name__, entered, methods=[method], provide_automatic_options=False
        )
        whole, endpoint = f"{blueprint.url_prefix or ''}{path}", f"{blueprint.name}.{view.__name__}"
        summary = (view.__doc__ or "").strip().partition("\n")[0]
        ROUTES[endpoint] = Route(method, whole, endpoint, allowed, kind, summary)
        return entered

    return declare


def container() -> Container:
    """What this server was built of."""
    found: Container = current_app.extensions["mpp"]
    return found


def principal() -> Principal:
    """Who asks."""
    found: Principal = g.principal
    return found


def mall() -> Mall:
    """The plan of the principal's mall."""
    return container().mall(principal().mall_id)
