"""A client of the API over one kept connection: quick, and honest about what it does not know."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


class Client:
    """One connection with one key. No answer is a ConnectionError: it may or may not have happened."""

    def __init__(self, base: str, key: str = "", timeout: float = 10) -> None:
        self.address = urlsplit(base)
        self.key = key
        self.timeout = timeout
        self._line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, body: Any, intent: str | None = None) -> Answer:
        return self.send("POST", path, body, intent)

    def send(self, method: str, path: str, body: Any = None, intent: str | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        raw = None
        if body is not None:
            raw = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if intent:
            headers["Idempotency-Key"] = intent
        try:
            return self._exchange(method, path, raw, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionError(f"{method} {path}: {error!r}") from error

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None

    def _exchange(self, method: str, path: str, raw: bytes | None, headers: dict[str, str]) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection(
                self.address.hostname or "", self.address.port, timeout=self.timeout
            )
        self._line.request(method, path, raw, headers)
        answer = self._line.getresponse()
        content = answer.read()
        named = {name.lower(): value for name, value in answer.getheaders()}
        if (
            "content-length" not in named
            and "transfer-encoding" not in named
            and answer.status not in (204, 304)
        ):
            raise http.client.IncompleteRead(content)  # cut within its headers
        kind = named.get("content-type", "")
        body = json.loads(content) if "json" in kind and content else content
        return Answer(answer.status, body, named)
