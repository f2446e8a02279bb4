"""The mall's server as the kiosk knows it: over HTTP, sometimes slow, sometimes away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from pydantic import BaseModel, Field, ValidationError

from kiosk import VERSION


class ServerAway(Exception):
    """No usable answer came; `reached` tells whether the server may have acted all the same."""

    def __init__(self, reason: str, reached: bool, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.reached = reached
        self.retry_after = retry_after


class KeyRefused(Exception):
    """The server does not know this kiosk's key, or it is not a kiosk's."""


class _Wait(BaseModel):
    p50: float
    p90: float


class _Turn(BaseModel):
    service: str
    queue: str
    agency: str
    zone: str
    state: str = "waiting"
    ahead: int | None = None
    wait: _Wait | None = None
    matters: list[str] | None = None


class _SlipNote(BaseModel):
    id: int
    head: str
    qr: bool = True


class _Ticket(BaseModel):
    id: int
    label: str = Field(min_length=1, max_length=16)
    token: str = Field(min_length=1)
    url: str
    language: str
    issued_at: datetime
    turns: list[_Turn] = Field(min_length=1)
    slip: _SlipNote


class _WantedSlip(BaseModel):
    id: int
    copy_: bool = Field(alias="copy")
    ticket: _Ticket


class _WantedSlips(BaseModel):
    slips: list[_WantedSlip]


class _Mall(BaseModel):
    name: str
    timezone: str
    timezone_label: str


class _Zone(BaseModel):
    code: str
    name: str


class _Disturbance(BaseModel):
    since: datetime
    until: datetime | None = None
    text: str | None = None


class _Emergency(BaseModel):
    zone: str
    since: datetime
    number: str


class _Agency(_Zone):
    short_name: str
    zone: str
    open: bool
    disturbance: _Disturbance | None = None


class _Queue(_Zone):
    agency: str
    waiting: int
    wait: _Wait | None = None


class _Service(_Zone):
    agency: str
    queue: str
    open: bool


class _Catalogue(BaseModel):
    version: str | int
    at: datetime
    mall: _Mall
    zones: list[_Zone]
    agencies: list[_Agency]
    queues: list[_Queue]
    services: list[_Service]
    emergency: list[_Emergency] = []


@dataclass(frozen=True)
class Wanted:
    """A paper that somebody asked of this kiosk: which slip, whether a copy, and the ticket on it."""

    id: int
    copy: bool
    ticket: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A ticket given, or the problem that stands against it."""

    ticket: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class MallServer:
    """One kept-alive client with time limits; safe for several threads."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {key}", "MPP-Client": VERSION, "Accept": "application/json"},
            timeout=httpx.Timeout(4.0, connect=2.0),
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def catalogue(self, etag: str | None) -> tuple[str | None, dict[str, Any]] | None:
        """The catalogue with its ETag, or None while the one known is still right; raises as `_ask` does."""
        response = self._ask("GET", "/api/v1/catalogue", headers={"If-None-Match": etag} if etag else {})
        if response.status_code == 304:
            return None
        body = _body(response)
        if response.status_code != 200 or not _fits(_Catalogue, body):
            raise ServerAway(f"catalogue: {response.status_code}", reached=True)
        return response.headers.get("ETag"), body

    def take(
        self, intent: str, services: Sequence[str], priority: str | None, language: str, within_s: float
    ) -> Answer:
        """Asks for a number once; raises ServerAway when the same intent should be asked again."""
        wish = {"services": list(services), "priority": priority, "language": language}
        response = self._ask(
            "POST",
            "/api/v1/tickets",
            json=wish,
            headers={"Idempotency-Key": intent},
            timeout=httpx.Timeout(min(4.0, within_s), connect=min(2.0, within_s)),
        )
        body = _body(response)
        if response.status_code == 201 and _fits(_Ticket, body):
            return Answer(ticket=body)
        if 400 <= response.status_code < 500 and isinstance(body.get("code"), str):
            return Answer(problem=body)
        raise ServerAway(f"tickets: {response.status_code}", reached=True, retry_after=_pause(response))

    def wanted(self) -> list[Wanted] | None:
        """The papers that others want from this printer; None from a server that knows no such wish."""
        response = self._ask("GET", "/api/v1/slips", params={"state": "wanted"})
        body = _body(response)
        if response.status_code == 200 and _fits(_WantedSlips, body):
            return [Wanted(row["id"], row["copy"], row["ticket"]) for row in body["slips"]]
        if response.status_code == 200 or (400 <= response.status_code < 500 and response.status_code != 429):
            return None
        raise ServerAway(f"slips: {response.status_code}", reached=True, retry_after=_pause(response))

    def report(self, slip: int, result: str, key: str) -> None:
        """Tells what became of a paper; a slip that the server no longer knows counts as told."""
        response = self._ask(
            "POST", f"/api/v1/slips/{slip}", json={"result": result}, headers={"Idempotency-Key": key}
        )
        _expect(response, 200, 404, 409, 422)

    def cancel(self, token: str, key: str) -> None:
        """Takes a ticket that nobody holds out of its line."""
        response = self._ask(
            "POST", f"/api/v1/tickets/{token}/cancel", json={}, headers={"Idempotency-Key": key}
        )
        _expect(response, 200, 404, 409)

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ServerAway(str(error), reached=False) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerAway(str(error), reached=True) from error
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            raise ServerAway("the kiosk is ending", reached=False) from error
        if response.status_code in (401, 403) and _body(response).get("code"):
            raise KeyRefused(_body(response).get("detail") or str(response.status_code))
        return response


def _body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; whatever else a proxy or a stranger says is no answer."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        body = response.json() if kind in ("application/json", "application/problem+json") else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ServerAway(f"{response.status_code}: not JSON", reached=True)
    return body


def _fits(shape: type[BaseModel], body: dict[str, Any]) -> bool:
    try:
        shape.model_validate(body)
    except ValidationError:
        return False
    return True


def _expect(response: httpx.Response, *statuses: int) -> None:
    _body(response)
    if response.status_code not in statuses:
        raise ServerAway(f"{response.request.url.path}: {response.status_code}", True, _pause(response))


def _pause(response: httpx.Response) -> float:
    words = response.headers.get("Retry-After", "")
    return float(words) if words.isdigit() else 0.0
