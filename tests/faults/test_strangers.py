"""Who shows no key may hold on and come again: numbers and calls go on, and screens are counted."""

from contextlib import suppress

import pytest

from tests.faults import strangers
from tests.faults.conftest import copy
from tests.servers import family, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

MANY = 160  # more than the threads of a server for 20 screens
FEW_SCREENS = 20
# Bytes go as they are, words in a frame.
RUBBISH = [
    b"\xff" * 40,
    b"\x00" * 40,
    b"GET / HTTP/1.1\r\n\r\n",
    strangers.frame(b"\xff\xfe"),
    strangers.frame(b"\x00\x01", opcode=2),
    strangers.frame(b"3" * 8, opcode=0),
    *(
        "x",
        "9",
        "-1",
        "2probe",
        "6",
        "0{}",
        "b4AA=",
        "4",
        "4x",
        "49",
        "40/screen,{",
        "40/screen,5",
        "40/other,",
    ),
    *("41/other,", "42/screen,[", "42/screen,5", '42/screen,["connect"]', "43/screen,1[]", "451-/screen,[1]"),
    "40/screen," + "[" * 100,
    "450-[]",
    '451-/screen,["x",{"_placeholder":true,"num":0}]',
    "4" + "9" * 100 + "-[]",
]


@pytest.fixture(scope="module", params=["threads", "gevent"])
def hall(request, tmp_path_factory):
    """A mall of its own in each mode, with a server that bears few screens."""
    model = request.getfixturevalue("on_sqlite" if request.param == "threads" else "on_postgres")
    url = None
    if request.param == "gevent":
        postgres = request.getfixturevalue("postgres")
        url = postgres.database(template=model.database_url.rpartition("/")[2])
        request.addfinalizer(lambda: postgres.drop(url))
    hall = copy(model, tmp_path_factory.mktemp("strangers") / "hall", url)
    hall.env |= {"MPP_SCREENS": str(FEW_SCREENS), "MPP_ASYNC_MODE": request.param}
    return hall


@pytest.fixture(scope="module")
def server(hall):
    server = hall.serve()
    server.ready(hall.ready_url, 60)
    yield server
    server.kill()


@pytest.mark.parametrize("words", strangers.HOLDS.values(), ids=strangers.HOLDS)
def test_connections_that_are_held_keep_nobody_waiting(hall, server, words):
    with strangers.held(hall, words, MANY):
        strangers.worst_wait(hall)

    assert "Traceback" not in server.output


def test_answers_that_nobody_takes_keep_nobody_waiting(hall, server):
    with strangers.held(hall, strangers.UNREAD, MANY, receive=4096):
        strangers.worst_wait(hall)

    assert "Traceback" not in server.output


def test_two_keys_get_as_many_screens_in_as_the_server_bears_and_the_others_hear_why(hall, server):
    keys = [hall.display, hall.device("display", "layar-2", "merah")]

    answers = strangers.knock_together(hall, keys * FEW_SCREENS)

    assert sum(answer.joined for answer in answers) == FEW_SCREENS
    assert all("too_many" in answer.words for answer in answers if not answer.joined)
    strangers.worst_wait(hall)


def test_a_screen_finds_a_place_while_strangers_come_again_and_again(hall, server):
    with strangers.held(hall, strangers.upgrade(), MANY):
        wait_until(lambda: strangers.knock(hall, hall.display).joined, 20, "a screen between strangers")


def test_a_burst_of_sockets_leaves_the_server_alive_and_each_hears_an_answer(hall, server):
    before = family(server.pid)

    answers = strangers.knock_together(hall, [hall.display] * 10 * FEW_SCREENS)

    assert family(server.pid)[:2] == before[:2]
    assert sum(answer.joined for answer in answers) == FEW_SCREENS
    assert all(strangers.refused(answer) for answer in answers if not answer.joined)


def test_who_leaves_the_room_but_not_the_line_is_put_out_and_makes_place(hall, server):
    answers = strangers.knock_together(hall, [hall.display] * FEW_SCREENS)
    for answer in answers:
        answer.line.sendall(strangers.frame("41/screen,"))

    wait_until(lambda: strangers.knock(hall, hall.display).joined, 15, "a place")


def test_half_a_request_hears_that_it_took_too_long(hall, server):
    line = strangers.dial(hall, strangers.HALF_HEAD)

    assert line.recv(65536).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "screen"])
def test_rubbish_in_a_socket_is_nobodys_bug(hall, server, known):
    for rubbish in RUBBISH:
        line = strangers.knock(hall, hall.display if known else "nobody's").line
        line.sendall(rubbish if isinstance(rubbish, bytes) else strangers.frame(rubbish))

        with suppress(ConnectionError):
            line.sendall(strangers.frame(b"", opcode=8))
            while line.recv(65536):
                pass

        assert "Traceback" not in server.output, rubbish
    assert hall.client().get("/healthz").status == 200


def test_a_handshake_that_is_none_is_refused_and_is_nobodys_bug(hall, server):
    line = strangers.dial(hall, strangers.upgrade().replace("Sec-WebSocket-Key", "X-Nothing"))

    assert line.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert hall.client().get("/healthz").status == 200
    assert "Traceback" not in server.output


def test_a_body_is_asked_for_when_the_client_waits_for_that(hall, server):
    line = strangers.dial(
        hall, "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    assert line.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"

    line.sendall(b"{}")

    assert line.recv(65536).startswith(b"HTTP/1.1 4")


def test_requests_sent_in_one_breath_are_answered_in_order(hall, server):
    line = strangers.dial(
        hall, strangers.ASKED * 3 + "GET /nothing HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    heard = b""

    while piece := line.recv(65536):
        heard += piece

    assert [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"404"]
