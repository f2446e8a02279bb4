"""Simulated visitors and officers of the demo: they use the same API as everybody else."""

import json
import random
import sys
import threading
import time
import uuid
from typing import Any

import httpx

ARRIVALS_S = (2.0, 6.0)
FIRST_VISITORS = 25
WALK_S, SERVICE_S, REST_S = (4.0, 9.0), (20.0, 55.0), (3.0, 8.0)
MISSING = 0.08
COUNTERS_PER_ZONE = 3
PRIORITY_SHARE = 0.12


class Hall:
    """One simulated day: `dice` decides, `closing` ends it."""

    def __init__(self, server: str, kiosk: str, tokens: dict[str, str]) -> None:
        self.http = httpx.Client(base_url=server, timeout=10)
        self.kiosk, self.tokens = kiosk, tokens
        self.dice = random.Random()  # noqa: S311 (a simulation, no secret)
        self.closing = threading.Event()
        self.catalogue = self._catalogue()

    def run(self) -> None:
        """Open counters, let visitors come, until told to stop."""
        for counter in self._staffed():
            threading.Thread(target=self._officer, args=(counter,), daemon=True).start()
        for nth in range(FIRST_VISITORS):
            self._visitor(for_newcomer=nth % 5 == 0)
            self.closing.wait(0.4)
        while not self.closing.wait(self.dice.uniform(*ARRIVALS_S)):
            self._visitor()

    def _staffed(self) -> list[dict[str, Any]]:
        """Some counters of each zone; the first two stay free for a newcomer, with a few people waiting."""
        chosen: dict[str, list[dict[str, Any]]] = {}
        for counter in self.catalogue["counters"][2:]:
            zone = chosen.setdefault(counter["zone"], [])
            if len(zone) < COUNTERS_PER_ZONE and counter["agency"] not in {each["agency"] for each in zone}:
                zone.append(counter)
        return [counter for zone in chosen.values() for counter in zone]

    def _visitor(self, for_newcomer: bool = False) -> None:
        staffed = self.catalogue["counters"][:1] if for_newcomer else self._staffed()
        served = {queue for counter in staffed for queue in counter["queues"]}
        service = self.dice.choice([each for each in self.catalogue["services"] if each["queue"] in served])
        classes = [each["code"] for each in self.catalogue["priorities"] if each["priority"]]
        priority = self.dice.choice(classes) if classes and self.dice.random() < PRIORITY_SHARE else None
        body = {"services": [service["code"]], "priority": priority, "language": "id"}
        self._post("/api/v1/tickets", self.kiosk, body)

    def _officer(self, counter: dict[str, Any]) -> None:
        key, place = self.tokens[counter["agency"]], f"/api/v1/counters/{counter['id']}"
        self._post(f"{place}/open", key)
        for verb in self._left_over(place, key):
            self._post(f"{place}/{verb}", key)
        while not self.closing.wait(self.dice.uniform(*REST_S)):
            if self._post(f"{place}/call-next", key).status_code != 200:
                continue
            self.closing.wait(self.dice.uniform(*WALK_S))
            if self.dice.random() < MISSING:
                self._nobody_comes(place, key)
                continue
            self._post(f"{place}/start", key)
            self.closing.wait(self.dice.uniform(*SERVICE_S))
            self._post(f"{place}/finish", key, {"outcome": "served"})

    def _nobody_comes(self, place: str, key: str) -> None:
        """Call again until the mall's rules let the visitor count as missed."""
        while self._post(f"{place}/miss", key).json().get("code") == "too_soon":
            if self.closing.wait(self.dice.uniform(*WALK_S)):
                return
            self._post(f"{place}/recall", key)

    def _left_over(self, place: str, key: str) -> list[str]:
        """What brings a counter to rest that an earlier run left with a visitor."""
        turn = self.http.get(place, headers=_bearer(key)).json().get("turn")
        return {"called": ["start", "finish"], "serving": ["finish"]}.get(turn["state"] if turn else "", [])

    def _catalogue(self) -> dict[str, Any]:
        answer = self.http.get("/api/v1/catalogue", headers=_bearer(self.kiosk))
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def _post(self, path: str, key: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Ask once more with the same intent when the answer was lost."""
        intent = {**_bearer(key), "Idempotency-Key": str(uuid.uuid4())}
        for _ in range(3):
            try:
                return self.http.post(path, json=body or {}, headers=intent)
            except httpx.TransportError:
                time.sleep(1)
        return httpx.Response(503)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def main() -> None:
    """Run until terminated: `visitors SERVER KEYS`, where KEYS is the demo's own 0600 file."""
    server, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as file:
        keys = json.load(file)
    Hall(server, keys["kiosk"], keys["tokens"]).run()
