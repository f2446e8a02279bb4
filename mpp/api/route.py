"""What the API takes and answers: bodies, commands, and the facts of a route that its description tells."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, request
from pydantic import BaseModel, ValidationError

from mpp.actions.transaction import Command, Intent
from mpp.domain.errors import Invalid, KeyMissing, Malformed, TooLarge
from mpp.domain.principal import Principal
from mpp.encoding import plain
from mpp.routes import ROUTES, Kind, Route, container, principal

LONGEST_KEY = 128


@dataclass(frozen=True)
class Answers(Kind):
    """What a program sends and gets.

    The row that is answered (or the name of its shape), the model of the body, the status, the statuses
    that refuse, and the parameters of the query with their JSON Schemas.
    """

    answer: str | type = "Object"
    body: type[BaseModel] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    query: tuple[tuple[str, dict[str, Any]], ...] = ()

    def taken(self) -> dict[str, object]:
        return {"body": read_body(self.body)} if self.body else {}


def described() -> list[tuple[Route, Answers]]:
    """Every route that the description of the API tells of."""
    return [(route, route.kind) for route in ROUTES.values() if isinstance(route.kind, Answers)]


def command(who: Principal | None = None) -> Command:
    """What this request asks for, once. Raises `KeyMissing`."""
    who = who or principal()
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed("Idempotency-Key harus paling banyak 128 karakter ASCII.")
    return Command(
        container().db, who, Intent.of(who.actor, key, f"{request.method} {request.path}", _sent())
    )


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


def answered(row: object, status: int = 200) -> Response:
    """The one place where a row becomes JSON."""
    response = jsonify(plain(row))
    response.status_code = status
    return response
