"""The mall's server over HTTP, sometimes slow, sometimes away: requests go out, typed values come back."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from kiosk import VERSION
from kiosk.catalogue import Catalogue, Value
from kiosk.ticket import Problem, Ticket, TicketIntent, WantedSlip, WantedSlips

TIMEOUT_S, CONNECT_S = 4.0, 2.0
JSON_TYPES = ("application/json", "application/problem+json")
Shape = TypeVar("Shape", bound=BaseModel)


class ServerAway(Exception):
    """No usable answer came; `reached` tells whether the server may have acted all the same.

    `retry_after` is how many seconds the server asked to be left alone, 0 when it did not say.
    """

    def __init__(self, reason: str, reached: bool, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.reached = reached
        self.retry_after = retry_after


class KeyRefused(Exception):
    """The server does not know this kiosk's key, or it is not a kiosk's."""


class _AnyObject(Value):
    """A JSON object of whatever shape."""


class _ProblemCode(Value):
    code: str


class ServerClient:
    """One kept-alive client with time limits, safe for several threads; methods raise as `_send` does."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {key}", "MPP-Client": VERSION, "Accept": "application/json"},
            timeout=_timeout(TIMEOUT_S),
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def catalogue(self, etag: str | None) -> tuple[str | None, Catalogue] | None:
        """The catalogue with its ETag, or None while the one known is still right."""
        headers = {"If-None-Match": etag} if etag else {}
        response = self._send(self._client.build_request("GET", "/api/v1/catalogue", headers=headers))
        if response.status_code == 304:
            return None
        catalogue = _read(response, Catalogue)
        if response.status_code != 200 or catalogue is None:
            raise ServerAway(f"catalogue: {response.status_code}", reached=True)
        return response.headers.get("ETag"), catalogue

    def take(self, intent: TicketIntent, within_s: float) -> Ticket | Problem:
        """Asks for a number once; raises ServerAway when the same intent should be asked again."""
        request = self._client.build_request(
            "POST",
            "/api/v1/tickets",
            json={
                "services": list(intent.services),
                "priority": intent.priority,
                "language": intent.language,
            },
            headers={"Idempotency-Key": intent.key},
            timeout=_timeout(within_s),
        )
        response = self._send(request)
        ticket = _read(response, Ticket)
        if response.status_code == 201 and ticket:
            return ticket
        problem = _problem(response)
        if response.is_client_error and problem:
            return problem
        raise ServerAway(f"tickets: {response.status_code}", reached=True, retry_after=_pause(response))

    def wanted_slips(self) -> tuple[WantedSlip, ...] | None:
        """The slips that greeters want from this printer; None from a server without that route."""
        request = self._client.build_request("GET", "/api/v1/slips", params={"state": "wanted"})
        response = self._send(request)
        wanted = _read(response, WantedSlips)
        if response.status_code == 200:
            return wanted.slips if wanted else None
        if response.is_client_error and response.status_code != 429:
            return None
        raise ServerAway(f"slips: {response.status_code}", reached=True, retry_after=_pause(response))

    def report(self, slip: int, result: str, key: str) -> None:
        """Tells what became of a slip; one that the server no longer knows counts as told."""
        response = self._post(f"/api/v1/slips/{slip}", {"result": result}, key)
        _expect(response, 200, 404, 409, 422)

    def cancel(self, token: str, key: str) -> None:
        """Takes a ticket that nobody holds out of its line."""
        response = self._post(f"/api/v1/tickets/{token}/cancel", {}, key)
        _expect(response, 200, 404, 409)

    def _post(self, path: str, body: dict[str, str], key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return self._send(self._client.build_request("POST", path, json=body, headers=headers))

    def _send(self, request: httpx.Request) -> httpx.Response:
        """The answer; raises ServerAway when none comes, and KeyRefused when the server knows no such key."""
        try:
            response = self._client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ServerAway(str(error), reached=False) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerAway(str(error), reached=True) from error
        except RuntimeError as error:
            if not self._client.is_closed:
                raise
            raise ServerAway("the kiosk is ending", reached=False) from error
        if response.status_code in (401, 403) and (problem := _problem(response)):
            raise KeyRefused(problem.detail or str(response.status_code))
        return response


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(min(TIMEOUT_S, seconds), connect=min(CONNECT_S, seconds))


def _read(response: httpx.Response, shape: type[Shape]) -> Shape | None:
    """The answer as this shape, None when it is of another; raises ServerAway when it is no JSON object.

    Whatever else a proxy or the sign-in page of a Wi-Fi says is no answer.
    """
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        if media_type not in JSON_TYPES:
            raise ValueError(media_type)
        _AnyObject.model_validate_json(response.content)
    except ValueError as error:
        raise ServerAway(f"{response.status_code}: not JSON", reached=True) from error
    try:
        return shape.model_validate_json(response.content)
    except ValidationError:
        return None


def _problem(response: httpx.Response) -> Problem | None:
    """The problem of an answer, or only its code when the rest of it cannot be read."""
    if problem := _read(response, Problem):
        return problem
    bare = _read(response, _ProblemCode)
    return Problem(code=bare.code) if bare else None


def _expect(response: httpx.Response, *statuses: int) -> None:
    _read(response, _AnyObject)
    if response.status_code not in statuses:
        raise ServerAway(f"{response.request.url.path}: {response.status_code}", True, _pause(response))


def _pause(response: httpx.Response) -> float:
    seconds = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdigit() else 0.0
