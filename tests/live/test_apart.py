"""Sockets of one agency's people hear nothing of another's, and a locked screen hears nothing at all."""

import re

import httpx
import pytest

from tests.api.mall import PASPOR, PASSWORD
from tests.live.listener import Listener, Refused
from tests.servers import wait_until

OF_AGENCY_A = ("officer_a", "supervisor_a", "greeter_a")


@pytest.fixture
def listen(mall):
    made = []

    def enter(**how):
        made.append(Listener(mall.base, **how))
        return made[-1].enter()

    yield enter
    for one in made:
        one.close()


class Session:
    """A person's browser: it signs in, and fills in forms as they stand on the page."""

    def __init__(self, mall, name):
        self.client = httpx.Client(base_url=mall.base, timeout=15)
        self.post("/", "/", name=name, password=PASSWORD)

    def post(self, path, page, **fields):
        form = self.client.get(page, follow_redirects=True).text
        token = re.search(r'name="csrf" value="([^"]+)"', form)[1]
        return self.client.post(path, data={"csrf": token, **fields})

    @property
    def cookie(self):
        return {"Cookie": f"mpp-session={self.client.cookies['mpp-session']}"}


@pytest.fixture
def budi(mall):
    one = Session(mall, "officer_a")
    yield one
    one.client.close()


def test_people_of_one_agency_hear_nothing_of_another(mall, listen):
    """Everything happens at agency B: a number, all verbs of a counter, notes, a disturbance, settings."""
    passport = mall.model.counters["B"][0]
    apart = {who: listen(auth={"key": mall.keys[who]}) for who in OF_AGENCY_A}
    officer, whole = (listen(auth={"key": mall.keys[who]}) for who in ("officer_b", "supervisor"))

    labels = {mall.take(PASPOR)["label"] for _ in range(4)}
    mall.do(passport, "open", "call-next", "recall", "start", who="officer_b")
    mall.verb(passport, "park", {"reason": "dokumen", "note": "kanari"}, who="officer_b")
    mall.do(
        passport, "call-next", "put-back", "call-next", "miss", "undo", "start", "finish", who="officer_b"
    )
    mall.post("officer_b", "/api/v1/agencies/B/disturbance", {"reason": "sistem"})
    mall.post("officer_b", "/api/v1/agencies/B/disturbance/lift")
    mall.do(passport, "pause", "open", "close", who="officer_b")
    officer.wait("counter_closed")
    whole.wait("counter_closed")
    seq = whole.facts("counter_closed")[-1]["seq"]
    for one in apart.values():
        one.wait("heartbeat", where=lambda fact: fact["seq"] >= seq)

    assert {name for one in apart.values() for name in one.names} == {"heartbeat"}
    assert all(set(fact) == {"seq"} for one in apart.values() for fact in one.facts("heartbeat"))
    assert labels <= {fact["label"] for fact in officer.facts("ticket_taken")}
    assert {"turn_called", "turn_parked", "disturbance_raised", "counter_paused"} <= set(whole.names)


def test_a_locked_screen_hears_nothing_within_five_seconds(mall, listen, budi):
    socket = listen(headers=budi.cookie)

    budi.post("/lock/close", "/desk")

    assert wait_until(lambda: socket.closed, 8, "the end of the socket") <= 5.5
    with pytest.raises(Refused):
        listen(headers=budi.cookie)


def test_an_unlocked_screen_hears_again(mall, listen, budi):
    budi.post("/lock/close", "/desk")

    budi.post("/lock", "/lock", password=PASSWORD)

    socket = listen(headers=budi.cookie)
    label = mall.take()["label"]
    socket.wait("ticket_taken", where=lambda fact: fact["label"] == label)


def test_ended_sessions_hear_nothing_within_five_seconds(mall, listen, budi):
    socket, admin = listen(headers=budi.cookie), Session(mall, "admin")
    page = admin.client.get("/admin").text
    person = re.search(r'/admin/people/(\d+)">officer_a<', page)[1]

    admin.post(f"/admin/people/{person}/sign-out", f"/admin/people/{person}")

    assert wait_until(lambda: socket.closed, 8, "the end of the socket") <= 5.5
    assert budi.client.get("/desk").headers["Location"] == "/?next=/desk"
    admin.client.close()
