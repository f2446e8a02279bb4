"""A stand-in for the mall's server: the kiosk's rows of the Contract, with the faults of a bad day."""

import hashlib
import json
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SAMPLE = Path(__file__).parents[2] / "config" / "malls" / "sagara.json"
JAKARTA = ZoneInfo("Asia/Jakarta")
KEY = "kunci-anjungan"


def catalogue(closed_agencies=(), quota_queues=(), now=None, disturbed=None, emergency=()):
    """The sample mall as the Contract shows it; `disturbed` are disturbances by the code of their agency."""
    mall = json.loads(SAMPLE.read_text())
    now = now or datetime.now(JAKARTA)
    opening = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    agencies, queues, services = [], [], []
    for number, agency in enumerate(mall["agencies"]):
        shut = agency["code"] in closed_agencies
        closed = _closed("closed_today", opening) if shut else None
        agencies.append(
            {
                "code": agency["code"],
                "name": agency["name"],
                "short_name": agency["short_name"],
                "kind": agency["kind"],
                "floor": agency["floor"],
                "zone": agency["zone"],
                "icon": agency.get("icon"),
                "open": not shut,
                "closed": closed,
                "queues": [queue["code"] for queue in agency["queues"]],
                "disturbance": (disturbed or {}).get(agency["code"]),
            }
        )
        for queue in agency["queues"]:
            full = queue["code"] in quota_queues
            why = _closed("quota_reached", opening) if full else closed
            waiting = (number * 5 + len(queues) * 3) % 14
            queues.append(
                {
                    "code": queue["code"],
                    "name": queue["name"],
                    "agency": agency["code"],
                    "zone": agency["zone"],
                    "lane": queue["lane"],
                    "open": why is None,
                    "closed": why,
                    "quota": queue.get("quota"),
                    "quota_left": 0 if full else queue.get("quota"),
                    "waiting": waiting,
                    "wait": _wait(waiting),
                    "window": None,
                }
            )
            for service in agency["services"]:
                if service["queue"] == queue["code"]:
                    services.append(_service(service, agency["code"], why))
    body = {
        "version": "1",
        "at": now.isoformat(),
        "day": now.date().isoformat(),
        "mall": {
            "code": mall["mall"]["code"],
            "name": mall["mall"]["name"],
            "city": mall["mall"]["city"],
            "timezone": "Asia/Jakarta",
            "timezone_label": "WIB",
            "languages": ["id", "en"],
            "emergency": "119",
        },
        "zones": mall["zones"],
        "emergency": [{"zone": zone, "since": now.isoformat(), "number": "119"} for zone in emergency],
        "agencies": agencies,
        "queues": queues,
        "services": sorted(services, key=lambda row: row["code"]),
        "counters": [],
        "priorities": [row for row in mall["priorities"] if row["priority"]],
    }
    body["version"] = hashlib.sha256(json.dumps({**body, "at": ""}).encode()).hexdigest()[:12]
    return body


def _service(service, agency, closed):
    standard = service.get("standard") or {}
    return {
        "code": service["code"],
        "name": service["name"],
        "agency": agency,
        "queue": service["queue"],
        "kind": service["kind"],
        "desk_minutes": service["desk_minutes"],
        "languages": service.get("languages", ["id"]),
        "note": service.get("note"),
        "words": service.get("words", []),
        "open": closed is None,
        "closed": closed,
        "standard": {
            "requirements": standard.get("requirements"),
            "procedure": standard.get("procedure"),
            "time_limit": standard.get("time_limit"),
            "fee": standard.get("fee"),
            "product": standard.get("product"),
            "complaints": standard.get("complaints"),
            "legal_basis": (standard.get("legal_basis") or {}).get("items", []),
        },
    }


def _closed(reason, opening):
    text = {
        "closed_today": "Tutup. Buka lagi besok pukul 08.00 WIB.",
        "quota_reached": "Kuota hari ini habis. Buka lagi besok pukul 08.00 WIB.",
    }[reason]
    return {"reason": reason, "text": text, "next_opening": opening.isoformat()}


def _wait(waiting):
    return {"p50": waiting * 5, "p90": waiting * 9, "text": f"{waiting * 5} sampai {waiting * 9} menit"}


class Mall:
    """The device: start it, break it, look at what it remembers."""

    def __init__(self, port=0):
        self.catalogue = catalogue()
        self.tickets = {}
        self.wanted = []
        self.wanted_status = 200
        self.looks = 0
        self.reports = []
        self.cancelled = []
        self.requests = []
        self.lose_replies = 0
        self.html = 0
        self.busy = 0
        self.refuse = None
        self.hold = threading.Event()
        self.hold.set()
        self.lock = threading.Lock()
        self.changed = threading.Condition()
        self.port = port
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        mall = self

        class Handler(_Handler):
            device = mall

            def setup(self):
                super().setup()
                mall.lines.append(self.connection)

        self.lines = []
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """Away: nobody listens on the port any more, and every open line is dead."""
        self.server.shutdown()
        self.server.server_close()
        for line in self.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def forget(self):
        """A new day: nobody has taken a number yet."""
        with self.lock:
            self.tickets, self.reports, self.cancelled, self.requests = {}, [], [], []
            self.wanted = []

    def wait_for(self, true, seconds=10):
        """Waits until something is true of this device."""
        with self.changed:
            return self.changed.wait_for(lambda: true(self), seconds)

    def give(self, intent, wanted):
        with self.lock:
            if intent not in self.tickets:
                self.tickets[intent] = self._ticket(len(self.tickets) + 1, wanted)
            return self.tickets[intent]

    def want(self, slip, ticket, copy):
        """A greeter wants paper from this kiosk."""
        with self.lock:
            self.wanted.append({"id": slip, "copy": copy, "ticket": ticket})

    def _ticket(self, number, wanted):
        token = hashlib.sha256(f"{number}".encode()).hexdigest()[:22]
        turns = []
        for code in wanted["services"]:
            service = next(row for row in self.catalogue["services"] if row["code"] == code)
            if turns and turns[-1]["queue"] == service["queue"]:
                turns[-1]["matters"].append(code)
            else:
                turns.append(self._turn(number * 10 + len(turns), service, first=not turns))
        return {
            "id": number,
            "label": f"{turns[0]['queue']}-{number:03d}",
            "token": token,
            "url": f"http://192.168.10.20:8080/t/{token}",
            "day": self.catalogue["day"],
            "issued_at": datetime.now(JAKARTA).isoformat(timespec="seconds"),
            "state": "waiting",
            "language": wanted["language"],
            "turns": turns,
            "slip": {"id": 1000 + number, "qr": True, "head": "a1b2c3"},
        }

    def _turn(self, number, service, first):
        queue = next(row for row in self.catalogue["queues"] if row["code"] == service["queue"])
        return {
            "id": number,
            "queue": queue["code"],
            "service": service["code"],
            "matters": [service["code"]],
            "agency": service["agency"],
            "zone": queue["zone"],
            "state": "waiting" if first else "planned",
            "ahead": 4 if first else None,
            "wait": {"p50": 20, "p90": 35, "text": "20 sampai 35 menit"} if first else None,
            "counter": None,
            "calls": 0,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    device: Mall

    def log_message(self, *words):
        pass

    def do_GET(self):
        if self.path == "/api/v1/catalogue" and self._known():
            etag = f'"{self.device.catalogue["version"]}"'
            if self.headers.get("If-None-Match") == etag:
                self._answer(304, None, ETag=etag)
            else:
                self._answer(200, self.device.catalogue, ETag=etag)
        elif self.path == "/api/v1/slips?state=wanted" and self._known():
            self._wanted()

    def _wanted(self):
        device = self.device
        with device.changed:
            device.looks += 1
            device.changed.notify_all()
        if device.wanted_status != 200:
            return self._problem(device.wanted_status, code="not_found", detail="Tidak ditemukan.")
        with device.lock:
            told = {slip for slip, _ in device.reports}
            return self._answer(200, {"slips": [row for row in device.wanted if row["id"] not in told]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = urlsplit(self.path).path
        if not self._known():
            return
        with self.device.changed:
            self.device.requests.append((path, self.headers.get("Idempotency-Key"), body))
            self.device.changed.notify_all()
        self.device.hold.wait(20)
        if path == "/api/v1/tickets":
            self._take(body)
        elif path.startswith("/api/v1/slips/"):
            self._note(self.device.reports, (int(path.rsplit("/", 1)[1]), body["result"]))
            self._answer(200, {"id": 1, "state": body["result"]})
        elif path.endswith("/cancel"):
            self._note(self.device.cancelled, path.split("/")[4])
            self._answer(200, {"label": "X", "day": "", "state": "cancelled", "turns": []})

    def _take(self, wanted):
        device = self.device
        if device.refuse:
            return self._problem(409, **device.refuse)
        if device.busy:
            device.busy -= 1
            return self._problem(503, code="busy", detail="Mohon tunggu.")
        if device.html:
            device.html -= 1
            return self._send(200, b"<html>Masuk ke Wi-Fi</html>", "text/html")
        ticket = device.give(self.headers["Idempotency-Key"], wanted)
        if device.lose_replies:
            device.lose_replies -= 1
            self.close_connection = True
            return self.connection.close()
        return self._answer(201, ticket)

    def _known(self):
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self._problem(401, code="unknown_key", detail="Kunci tidak dikenal.")
        return False

    def _note(self, where, what):
        with self.device.changed:
            where.append(what)
            self.device.changed.notify_all()

    def _problem(self, status, **problem):
        body = json.dumps({"type": "about:blank", "title": "", "status": status, **problem}).encode()
        self._send(status, body, "application/problem+json")

    def _answer(self, status, body, **headers):
        self._send(status, b"" if body is None else json.dumps(body).encode(), "application/json", headers)

    def _send(self, status, body, kind, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("MPP-Version", "0.1.0")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    device = Mall(28099)
    threading.Event().wait(3600)
