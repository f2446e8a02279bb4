"""A stand-in for the server: it speaks to a screen in the shapes of the contract, and fails on demand."""

import threading
from datetime import UTC, datetime, timedelta, timezone

from flask import Flask, Response, jsonify, request
from flask_socketio import SocketIO
from werkzeug.serving import WSGIRequestHandler, make_server

from display.board import Access, Pace, blueprint, look_blueprint
from mpp.domain.announcement import announcement
from mpp.domain.events import on_boards

KEY = "kunci-layar-merah"
WIB = timezone(timedelta(hours=7))
QUICK = Pace(
    stale_after=1_200,
    lost_after=3_000,
    poll_every=300,
    retry_least=100,
    retry_most=300,
    refresh_after=40,
    page_turn=400,
    silent_for=200,
    reload_within=100,
    speed=30,
)
BEAT = 0.2
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'"
)

QUEUES = [
    ("AA", "Disdukcapil", "KTP-el dan IKD", 14),
    ("AB", "Disdukcapil", "KK dan pindah datang", 9),
    ("AC", "Disdukcapil", "Akta dan KIA", 6),
    ("AD", "Disdukcapil", "Pengambilan dokumen", 3),
    ("CA", "DPMPTSP", "OSS/NIB", 2),
    ("CB", "DPMPTSP", "Perizinan lain", 0),
    ("E", "Samsat", "Samsat", 21),
    ("K", "Bapenda", "Pajak daerah", 4),
    ("X", "PUPR", "Bangunan dan tata ruang", 0),
    ("Y", "BPD", "Pembayaran", 118),
]
COUNTERS = [
    ("Loket 1", "Disdukcapil", ["KTP-el dan IKD"]),
    ("Loket 2", "Disdukcapil", ["KTP-el dan IKD"]),
    ("Loket 3", "Disdukcapil", ["KK dan pindah datang"]),
    ("Loket 4", "Disdukcapil", ["KK dan pindah datang", "Akta dan KIA"]),
    ("Loket 5", "Disdukcapil", ["Akta dan KIA"]),
    ("Loket 6", "Disdukcapil", ["Pengambilan dokumen"]),
    ("Loket 7", "Disdukcapil", ["KTP-el dan IKD", "KK dan pindah datang", "Akta dan KIA"]),
    ("Loket 11", "DPMPTSP", ["OSS/NIB"]),
    ("Loket 12", "DPMPTSP", ["OSS/NIB", "Perizinan lain"]),
    ("Loket 13", "DPMPTSP", ["Perizinan lain"]),
    ("Loket 17", "Samsat", ["Samsat"]),
    ("Loket 18", "Samsat", ["Samsat"]),
    ("Loket 25", "Bapenda", ["Pajak daerah"]),
    ("Loket 37", "PUPR", ["Bangunan dan tata ruang"]),
    ("Loket 38", "BPD", ["Pembayaran"]),
    ("Loket 39", "BPD", ["Pembayaran"]),
]


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *_: object) -> None:
        pass


def _counter(n: int, name: str, agency: str, serves: list[str]) -> dict:
    return {
        "id": n,
        "name": name,
        "agency": agency,
        "queues": [],
        "serves": serves,
        "open": n != 10,
        "pause": None,
        "label": None,
    }


class Mall:
    """Keeps the board of zone Merah, tells it to sockets, and lets a test lose or repeat what it tells."""

    def __init__(self, pace: Pace = QUICK):
        self.seq = 40
        self._pace = pace
        self._ended = threading.Event()
        self.reset()
        self._start()

    def reset(self) -> None:
        """A new morning; the log goes on."""
        self.calls: list[dict] = []
        self._before: list[dict] = []
        self.notices: list[dict] = []
        self.queues = [dict(zip(("code", "agency", "name", "waiting"), row, strict=True)) for row in QUEUES]
        self.counters = [_counter(n, *row) for n, row in enumerate(COUNTERS, 1)]
        self.version, self.key = "0.1.0", KEY
        self.down = self.dumb = self.deaf = False
        self.boards_asked = self.refused = self.greeted = 0
        self.broken_clips: set[str] = set()
        self.mall_name, self.zone_name = "MPP Kota Sagara", "Zona Merah"

    # What happens in the hall -----------------------------------------------------

    def call(self, label: str, counter: int = 3, *, age: float = 0, nth: int = 1, tell: bool = True) -> dict:
        """Call a label to a counter, `age` seconds ago; `tell=False` loses the news on its way."""
        self._before = self.calls
        self.calls = [call for call in self.calls if call["counter_id"] != counter and call["label"] != label]
        call = self.new_call(label, counter, age, nth)
        self.calls.insert(0, call)
        self.counters[counter - 1]["label"] = label
        if tell:
            self.tell("turn_called" if nth == 1 else "turn_recalled", call)
        return call

    def recall(self, call: dict, nth: int = 2) -> dict:
        return self.call(call["label"], call["counter_id"], nth=nth)

    def start_serving(self, call: dict) -> None:
        call["state"] = "serving"
        self._small("turn_started", call)

    def finish(self, call: dict, verb: str = "turn_finished") -> None:
        self.calls = [one for one in self.calls if one["label"] != call["label"]]
        self.counters[call["counter_id"] - 1]["label"] = None
        self._small(verb, call)

    def resume(self, call: dict, counter: int, state: str = "called") -> dict:
        """A parked visitor is called to a counter, or is there already."""
        again = self.call(call["label"], counter, tell=False)
        again["call"], again["state"] = (again["seq"] if state == "called" else call["call"]), state
        small = {"seq": self.seq, "label": call["label"], "call": call["call"], "state": state}
        self.tell("turn_resumed", again if state == "called" else small)
        return again

    def undo_miss(self, call: dict) -> None:
        """The same call is back on the board."""
        self.calls.insert(0, call)
        self.counters[call["counter_id"] - 1]["label"] = call["label"]
        self._small("turn_undone", {**call, "state": "called"})

    def pause(self, counter: int, words: str, tell: bool = True, **until: float) -> None:
        """Nobody is called to a counter for a while."""
        row, at = self.counters[counter - 1], datetime.now(WIB)
        end = at + timedelta(**until) if until else None
        said = f"{row['name']} {words}" + (f" sampai {end:%H.%M} WIB" if end else "")
        pause = {"since": at.isoformat(), "until": end.isoformat() if end else None, "text": said}
        row |= {"open": False, "pause": pause}
        self.notices.append({"kind": "pause", "counter": row["name"], "agency": row["agency"], **pause})
        self._happen("counter_paused", {"counter_id": counter, "pause": pause}, tell)

    def open(self, counter: int) -> None:
        row = self.counters[counter - 1]
        row |= {"open": True, "pause": None}
        self.notices = [one for one in self.notices if one["counter"] != row["name"]]
        self._happen("counter_opened", {"counter_id": counter})

    def disturb(self, agency: str, text: str) -> dict:
        return self._raise({"kind": "disturbance", "agency": agency, "text": text})

    def alarm(self, tell: bool = True, age: float = 0) -> dict:
        """Somebody needs help."""
        return self._raise(
            {"kind": "emergency", "agency": None, "text": "Darurat, hubungi 119", "number": "119"}, tell, age
        )

    def lift(self, notice: dict, tell: bool = True) -> None:
        self.notices.remove(notice)
        which = {"kind": notice["kind"], "agency": notice["agency"]}
        self._happen(f"{notice['kind']}_lifted", {"notice": which}, tell)

    def _raise(self, notice: dict, tell: bool = True, age: float = 0) -> dict:
        since = datetime.now(WIB) - timedelta(seconds=age)
        notice = {"counter": None, "since": since.isoformat(), "until": None, **notice}
        self.notices.insert(0, notice)
        self._happen(f"{notice['kind']}_raised", {"notice": notice}, tell)
        return notice

    def _happen(self, name: str, fact: dict, tell: bool = True) -> None:
        self.seq += 1
        if tell:
            self.tell(name, {"seq": self.seq, **fact})

    def take_ticket(self, queue: str) -> None:
        next(one for one in self.queues if one["code"] == queue)["waiting"] += 1
        self.seq += 1
        self.tell("ticket_taken", {"seq": self.seq, "queue": queue})

    def say(self, name: str, anything: object) -> None:
        self._io.emit(name, anything, namespace="/screen")

    def tell(self, name: str, fact: dict) -> None:
        """Send news to every socket, as often as a test likes."""
        if not self.dumb:
            self._io.emit(name, {"prev": fact["seq"] - 1, "zone": "merah", **fact}, namespace="/screen")

    # What goes wrong --------------------------------------------------------------

    def fail(self) -> None:
        """The server is gone: sockets break, nothing answers."""
        self.down = True
        self._drop()

    def no_sockets(self) -> None:
        """Something between lets HTTP pass, but no WebSocket."""
        self.deaf = True
        self._drop()

    def _drop(self) -> None:
        for socket in list(self._io.server.eio.sockets.values()):
            socket.close(wait=False)

    def recover(self) -> None:
        self.down = False

    def stop(self) -> None:
        self._ended.set()
        self._server.shutdown()

    # How it answers ---------------------------------------------------------------

    def board(self) -> dict:
        return {
            "seq": self.seq,
            "at": datetime.now(WIB).isoformat(),
            "mall": {"name": self.mall_name, "timezone": "Asia/Jakarta", "timezone_label": "WIB"},
            "zone": {"code": "merah", "name": self.zone_name, "floor": 1},
            "calls": self.calls[:12],
            "counters": self.counters,
            "queues": self.queues,
            "notices": self.notices,
        }

    def new_call(self, label: str, counter: int, age: float, nth: int) -> dict:
        self.seq += 1
        row = self.counters[counter - 1]
        said = announcement(label, row["name"], row["agency"], nth)
        return {
            "call": self._call_number(label),
            "seq": self.seq,
            "label": label,
            "counter": row["name"],
            "counter_id": counter,
            "agency": row["agency"],
            "zone": "merah",
            "at": (datetime.now(UTC) - timedelta(seconds=age)).astimezone(WIB).isoformat(),
            "nth": nth,
            "state": "called",
            "sentence": said.sentence,
            "clips": list(said.clips),
        }

    def _call_number(self, label: str) -> int:
        return next((call["call"] for call in self._before if call["label"] == label), self.seq)

    def _small(self, name: str, call: dict) -> None:
        self.seq += 1
        self.tell(name, {"seq": self.seq, "call": call["call"], "label": call["label"]})

    def _start(self) -> None:
        app = Flask(__name__)
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3_600
        app.register_blueprint(blueprint(self._door(), "0.1.0", on_boards(), self._pace))
        app.register_blueprint(look_blueprint())
        app.get("/api/v1/zones/merah/board")(self._give_board)
        app.before_request(self._refuse)
        app.after_request(self._dress)
        self._io = SocketIO(app, async_mode="threading", transports=["websocket"])
        self._io.on_event("connect", self._greet, namespace="/screen")
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.page = f"{self.url}/display/merah"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def _door(self) -> Access:
        return Access(
            admit=lambda zone, key: (zone, key) == ("merah", self.key),
            entered=lambda zone: zone == "merah" and request.cookies.get("screen") == self.key,
            remember=lambda answer, key: answer.set_cookie("screen", key, httponly=True, samesite="Strict"),
        )

    def _give_board(self) -> Response | tuple[str, int]:
        self.boards_asked += 1
        return jsonify(self.board()) if request.cookies.get("screen") == self.key else ("", 401)

    def _refuse(self) -> tuple[str, int] | None:
        if self.down:
            self.refused += 1
            return "", 503
        if request.path.rpartition("/")[2] in self.broken_clips:
            return "this is no sound", 200
        return None

    def _dress(self, answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CSP
        answer.headers["MPP-Version"] = self.version
        return answer

    def _greet(self, auth: object = None) -> bool | None:
        if self.down or self.deaf or request.cookies.get("screen") != self.key:
            return False
        self.greeted += 1
        self._io.emit("snapshot", self.board(), namespace="/screen", to=request.sid)
        return None

    def _beat(self) -> None:
        while not self._ended.wait(BEAT):
            if not self.dumb and not self.down:
                self._io.emit("heartbeat", {"seq": self.seq}, namespace="/screen")
