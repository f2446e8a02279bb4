"""A route of the API: who may enter, its body and its description are one declaration."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError

from mpp.actions.transaction import Intent
from mpp.auth import Principal
from mpp.container import Container
from mpp.domain.errors import Invalid, KeyMissing, Malformed, TooLarge
from mpp.domain.mall import Mall

LONGEST_KEY = 128
LARGEST_ID = 2**53


class Body(BaseModel):
    """A request's body: unknown fields and other types than these are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Route:
    """What the description of the API and the test of access need to know of a route."""

    method: str
    path: str
    endpoint: str
    allowed: tuple[str, ...]
    body: type[BaseModel] | None
    summary: str
    answer: str
    status: int
    refusals: tuple[int, ...]
    query: tuple[tuple[str, dict[str, Any]], ...]


ROUTES: list[Route] = []


def route(
    blueprint: Blueprint,
    method: str,
    path: str,
    allowed: tuple[str, ...],
    *,
    body: type[BaseModel] | None = None,
    answer: str = "Object",
    status: int = 200,
    refusals: tuple[int, ...] = (),
    query: tuple[tuple[str, dict[str, Any]], ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a route: who may enter, what it takes, what it answers; the docstring is its summary."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def entered(**named: Any) -> Any:
            g.principal = container().enter(request, allowed)
            if body is not None:
                named["body"] = read_body(body)
            return view(**named)

        entered.allowed = allowed  # type: ignore[attr-defined]
        blueprint.add_url_rule(
            path, view.__name__, entered, methods=[method], provide_automatic_options=False
        )
        summary = (view.__doc__ or "").strip().splitlines()[0]
        ROUTES.append(
            Route(
                method,
                f"{blueprint.url_prefix or ''}{path}",
                f"{blueprint.name}.{view.__name__}",
                allowed,
                body,
                summary,
                answer,
                status,
                refusals,
                query,
            )
        )
        return entered

    return declare


def container() -> Container:
    """What this server was built of."""
    found: Container = current_app.extensions["mpp"]
    return found


def principal() -> Principal:
    found: Principal = g.principal
    return found


def mall() -> Mall:
    """The plan of the principal's mall."""
    return container().malls.of(principal().mall_id)


def intent(who: str | None = None) -> Intent:
    """The intent of this request. Raises `KeyMissing`."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed("Idempotency-Key harus paling banyak 128 karakter ASCII.")
    return Intent.of(who or principal().actor, key, request.method, request.path, _sent())


def _sent() -> dict[str, Any]:
    """The body as it was sent, already known to fit its model."""
    raw = request.get_data(cache=True)
    sent: dict[str, Any] = json.loads(raw, object_pairs_hook=_each_once) if raw else {}
    return sent


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one name mean two things to two readers: neither counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("Isi permintaan menyebut satu bidang dua kali.")
    return found


def read_body(model: type[BaseModel]) -> BaseModel:
    """The body as its model. Raises `Malformed` (not JSON), `TooLarge` and `Invalid` (names a field)."""
    raw = request.get_data(cache=True)
    if request.content_length is None and len(raw) >= current_app.config["MAX_CONTENT_LENGTH"]:
        raise TooLarge  # sent in pieces, and cut off without a word where the limit is
    if raw and request.mimetype != "application/json":
        raise Malformed("Isi permintaan harus application/json.")
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> Malformed | Invalid:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return Malformed("Isi permintaan bukan JSON yang benar.")
    place = ".".join(_place(first["type"], first["loc"])) or "isi"
    words = {
        "extra_forbidden": "tidak dikenal",
        "missing": "harus ada",
        "string_too_long": "terlalu panjang",
        "string_too_short": "terlalu pendek",
        "string_pattern_mismatch": "berisi karakter yang tidak boleh",
        "literal_error": "bukan pilihan yang ada",
        "too_short": "terlalu sedikit",
        "too_long": "terlalu banyak",
        "reserved": "berisi alasan yang hanya dicatat oleh sistem",
    }
    return Invalid(f"Bidang {place} {words.get(first['type'], 'tidak sesuai')}.")


def _place(kind: str, path: tuple[int | str, ...]) -> list[str]:
    """The names and numbers that lead to a field, without the kinds of value between which a model chose."""
    if kind == "extra_forbidden":
        return [str(part) for part in path]
    return [str(part) for part in path if isinstance(part, int) or _is_name(part)]


def _is_name(part: str) -> bool:
    return part.isidentifier() and part not in ("int", "str")


def whole(said: Any) -> Any:
    """JSON has one kind of number: 7.0 is the integer 7."""
    return int(said) if isinstance(said, float) and said.is_integer() else said


def answered(document: Any, status: int = 200) -> Response:
    response = jsonify(document)
    response.status_code = status
    return response
