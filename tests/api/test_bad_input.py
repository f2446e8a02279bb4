"""Bad input gets a clear problem, never a 500, and never half a change."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mpp.actions import sessions
from mpp.actions.bodies import LARGEST_ID
from mpp.db import Database
from mpp.domain.errors import WrongPassword
from mpp.settings import Settings
from tests.api.mall import KTP, PASPOR, PASSWORD, TICKETS, code


@pytest.fixture
def unchanged(mall):
    """Whatever the test does, the log ends where it began."""
    before = mall.events()[-1]["seq"]
    yield
    assert mall.events()[-1]["seq"] == before


BODIES = {
    "nothing": (b"", 422),
    "no_json": (b"halo", 400),
    "half": (b'{"services":', 400),
    "not_utf_8": (b'{"services": ["\xff\xfe"]}', 400),
    "byte_order_mark": b'\xef\xbb\xbf{"services": ["A-01"]}',
    "null": (b"null", 422),
    "a_list": (b"[]", 422),
    "a_word": (b'"A-01"', 422),
    "deep_list": (b"[" * 30_000, 400),
    "deep_object": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "huge_number": (b'{"services": [1' + b"0" * 5_000 + b"]}", (400, 422)),
    "not_a_number": (b'{"services": ["A-01"], "priority": NaN}', 422),
    "infinite": (b'{"services": ["A-01"], "priority": -Infinity}', (400, 422)),
    "lone_surrogate": (b'{"services": ["A-01"], "language": "\\ud800"}', (400, 422)),
    "named_twice": (b'{"services": ["A-01"], "services": ["B-01"]}', 400),
    "no_services": (b'{"services": []}', 422),
    "a_service_twice": (b'{"services": ["A-01", "A-01"]}', 422),
    "nine_services": (b'{"services": ["A-01","A-02","A-03","A-04","A-05","A-06","A-07","A-08","A-09"]}', 422),
    "services_missing": (b"{}", 422),
    "services_null": (b'{"services": null}', 422),
    "services_a_word": (b'{"services": "A-01"}', 422),
    "service_a_number": (b'{"services": [1]}', 422),
    "service_true": (b'{"services": [true]}', 422),
    "service_empty": (b'{"services": [""]}', 422),
    "service_too_long": (b'{"services": ["' + b"A" * 5_000 + b'"]}', 422),
    "service_null_byte": (b'{"services": ["A-01\\u0000"]}', 422),
    "service_new_line": (b'{"services": ["A-01\\n"]}', 422),
    "service_escape": (b'{"services": ["\\u001bp\\u0000"]}', 422),
    "service_markup": (b'{"services": ["<script>"]}', 422),
    "service_injected": (b"{\"services\": [\"A-01' OR '1'='1\"]}", 422),
    "unknown_field": (b'{"services": ["A-01"], "role": "admin"}', 422),
    "unknown_language": (b'{"services": ["A-01"], "language": "fr"}', 422),
    "priority_a_number": (b'{"services": ["A-01"], "priority": 1}', 422),
    "priority_control": (b'{"services": ["A-01"], "priority": "LANSIA\\u0007"}', 422),
    "unknown_service": (b'{"services": ["A-99"]}', 404),
    "unknown_priority": (b'{"services": ["A-01"], "priority": "SULTAN"}', 404),
}
BODIES["byte_order_mark"] = (BODIES["byte_order_mark"], 400)


@pytest.mark.parametrize("name", BODIES)
def test_a_wrong_body_gives_no_number(mall, unchanged, name):
    content, status = BODIES[name]

    answer = mall.raw("kiosk", TICKETS, content)

    assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.text
    expected = {400: ["malformed"], 422: ["invalid"], 404: ["unknown_service", "not_found"]}
    assert code(answer) in expected[answer.status_code]


def test_a_refused_field_is_named_in_the_sentence(mall):
    assert "role" in mall.raw("kiosk", TICKETS, BODIES["unknown_field"][0]).json()["detail"]
    assert "language" in mall.raw("kiosk", TICKETS, BODIES["unknown_language"][0]).json()["detail"]


def test_a_field_of_several_kinds_is_named_as_it_was_sent(mall):
    paper = {"entries": [{"label": "AA-001", "counter": -1, "result": "served"}]}

    for path, body, place in [
        ("/api/v1/slips", {"ticket": 1, "kiosk": -1}, "kiosk"),
        ("/api/v1/slips", {"ticket": 1, "kiosk": ""}, "kiosk"),
        ("/api/v1/paper", paper, "entries.0.counter"),
    ]:
        answer = mall.post("greeter", path, body)
        assert (answer.status_code, answer.json()["detail"]) == (422, f"Bidang {place} tidak sesuai.")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_another_kind_of_content_is_refused(mall, unchanged, kind):
    answer = mall.raw("kiosk", TICKETS, b'{"services": ["A-01"]}', kind)

    assert (answer.status_code, code(answer)) == (400, "malformed")


def test_a_body_over_64_kib_is_refused_and_the_server_goes_on(mall, unchanged):
    for size in (65_536, 400_000):
        answer = mall.raw("kiosk", TICKETS, b'{"services": ["' + b"A" * size + b'"]}')
        assert (answer.status_code, code(answer)) == (413, "too_large")

    assert mall.get("kiosk", "/healthz").status_code == 200


def test_a_body_in_pieces_counts_like_one_in_a_whole(mall, unchanged):
    def pieces():
        for _ in range(9):
            yield b" " * 8_192
        yield b'{"services": ["A-01"]}'

    headers = {"Idempotency-Key": "in pieces", "Content-Type": "application/json"}
    answer = mall.as_("kiosk").post(TICKETS, content=pieces(), headers=headers)

    assert answer.status_code == 413, answer.text

    assert mall.get("kiosk", "/healthz").status_code == 200


@pytest.mark.parametrize(
    "path, body",
    [
        ("/api/v1/counters/{counter}/finish", {"outcome": "maybe"}),
        ("/api/v1/counters/{counter}/finish", {"services": ["A-01"] * 11}),
        ("/api/v1/counters/{counter}/finish", {"next": ["B-01"] * 6}),
        ("/api/v1/counters/{counter}/finish", {"note": "3" * 501}),
        ("/api/v1/counters/{counter}/pause", {"until": "besok"}),
        ("/api/v1/counters/{counter}/pause", {"until": "2026-11-23T09:00:00"}),
        ("/api/v1/counters/{counter}/resume", {}),
        ("/api/v1/counters/{counter}/resume", {"turn": "1"}),
        ("/api/v1/counters/{counter}/return", {"turn": 1.5}),
        ("/api/v1/counters/{counter}/transfer", {"position": "front"}),
        ("/api/v1/counters/{counter}/transfer", {"queue": "AB", "position": "middle"}),
        ("/api/v1/counters/{counter}/call", {"turn": True}),
        ("/api/v1/counters/{counter}/serve", {}),
        ("/api/v1/counters/{counter}/correct", {"service": ""}),
        ("/api/v1/counters/{counter}/finish", {"next": 5}),
        ("/api/v1/counters/{counter}/close", {"reason": "a\nb"}),
        ("/api/v1/counters/{counter}/close", {"reason": 7}),
        ("/api/v1/counters/{counter}/call-next", {"turn": 1}),
        ("/api/v1/counters/{counter}/start", []),
    ],
)
def test_a_wrong_body_moves_nothing_at_a_counter(mall, unchanged, path, body):
    path = path.format(counter=mall.model.counters["A"][0])

    answer = mall.as_("officer_a").post(path, json=body, headers={"Idempotency-Key": mall.intent()})

    assert (answer.status_code, code(answer)) == (422, "invalid")


@pytest.mark.parametrize("number", ["0", "99999", str(2**31), str(2**63), "9" * 60, "-1", "1.0", "satu"])
def test_numbers_that_name_nothing_are_not_found(mall, unchanged, number):
    for who, path, body in [
        ("kiosk", f"/api/v1/slips/{number}", {"result": "printed"}),
        ("officer_a", f"/api/v1/counters/{number}/call-next", {}),
    ]:
        answer = mall.post(who, path, body)
        assert answer.status_code == 404, answer.text
        assert code(answer) in ("not_found", "unknown_counter")
    assert LARGEST_ID < 2**63


@pytest.mark.parametrize(
    "token", ["offline", "a" * 22, "%00", "%ff%fe", "%ed%a0%80", "..%2f..", "a" * 1000, "1"]
)
def test_a_guessed_token_is_nobody_s_ticket(mall, unchanged, token):
    looked = mall.get("nobody", f"{TICKETS}/{token}")
    cancelled = mall.post("nobody", f"{TICKETS}/{token}/cancel")

    assert (looked.status_code, cancelled.status_code) == (404, 404)
    assert code(looked) in ("unknown_ticket", "not_found")


@pytest.mark.parametrize("zone", ["MERAH", "ungu", "%ff", "merah%00", "1"])
def test_a_zone_that_is_none_has_no_board(mall, zone):
    for who in ("display", "supervisor"):
        answer = mall.get(who, f"/api/v1/zones/{zone}/board")
        assert (answer.status_code, code(answer)) == (404, "unknown_zone")


# Intents


@pytest.mark.parametrize(
    "key, refusal",
    [
        (None, "key_missing"),
        (b"", "key_missing"),
        (b"x" * 129, "malformed"),
        (b"a\tb", "malformed"),
        ("kunci-é".encode(), "malformed"),
        (b"\xff", "malformed"),
    ],
)
def test_a_post_without_a_proper_intent_is_malformed(mall, unchanged, key, refusal):
    headers = [(b"Idempotency-Key", key)] if key is not None else []

    answer = mall.as_("kiosk").post(TICKETS, json=KTP, headers=headers)

    assert (answer.status_code, code(answer)) == (400, refusal)


def test_the_longest_and_the_strangest_proper_intents_are_taken(mall):
    for key in ("x" * 128, "spasi di dalam", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"):
        assert mall.post("kiosk", TICKETS, KTP, key).status_code == 201


def test_a_replayed_intent_gets_the_same_number(mall):
    first = mall.post("kiosk", TICKETS, KTP, "the same wish")
    again = mall.post("kiosk", TICKETS, KTP, "the same wish")

    assert (first.status_code, again.status_code) == (201, 201)
    for field in ("id", "label", "token", "url", "day", "issued_at", "slip"):
        assert first.json()[field] == again.json()[field]


def test_the_same_intent_for_something_else_is_refused(mall):
    ticket = mall.post("kiosk", TICKETS, KTP, "one thing").json()
    slip = f"/api/v1/slips/{ticket['slip']['id']}"

    for path, body in [
        (TICKETS, PASPOR),
        (TICKETS, {**KTP, "language": "en"}),
        (slip, {"result": "printed"}),
    ]:
        answer = mall.post("kiosk", path, body, "one thing")
        assert (answer.status_code, code(answer)) == (422, "intent_reused")


def test_a_body_in_pieces_is_part_of_the_intent(mall):
    headers = {"Idempotency-Key": "in small pieces", "Content-Type": "application/json"}
    first = mall.as_("kiosk").post(TICKETS, content=iter([b'{"services":', b'["B-01"]}']), headers=headers)
    other = mall.as_("kiosk").post(TICKETS, content=iter([b'{"services":', b'["A-01"]}']), headers=headers)

    assert first.status_code == 201
    assert (other.status_code, code(other)) == (422, "intent_reused")


def test_another_principal_may_use_the_same_words(mall):
    first = mall.post("kiosk", TICKETS, KTP, "common words").json()
    second = mall.post("kiosk_2", TICKETS, KTP, "common words").json()

    assert first["label"] != second["label"]


def test_a_refusal_is_not_remembered(mall):
    wrong = mall.post("kiosk", TICKETS, {"services": ["A-99"]}, "a wish twice")
    right = mall.post("kiosk", TICKETS, KTP, "a wish twice")

    assert (wrong.status_code, right.status_code) == (404, 201)


def test_a_dozen_at_once_with_one_intent_get_one_number(mall):
    before = len(mall.events())
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: mall.post("kiosk", TICKETS, KTP, "all at once"), range(12)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.json()["id"], answer.json()["token"]) for answer in answers}) == 1
    assert len(mall.events()) == before + 2


def test_a_replayed_call_calls_nobody_else(mall):
    counter = mall.model.counters["A"][0]
    mall.take(), mall.take()
    mall.do(counter, "open")
    path = f"/api/v1/counters/{counter}/call-next"

    first, again = (mall.post("officer_a", path, {}, "call once") for _ in range(2))

    assert first.json() == again.json()
    mall.clear(counter)


@pytest.mark.parametrize("name", ["a\0b", "budi\n", "\x1b[2J"])
def test_a_name_with_control_characters_signs_nobody_in(postgres_model, name):
    db = Database(Settings(data_dir=postgres_model.room, database_url=postgres_model.database_url))

    with pytest.raises(WrongPassword):
        sessions.sign_in(db, name, PASSWORD)

    db.reader.dispose()


def test_after_all_this_the_log_is_sound_and_names_nobody(mall):
    mall.command("check")
    written = mall.server.output

    assert '"event": "bug"' not in written
    for secret in [*mall.keys.values(), mall.take()["token"], "LANSIA", "officer_a"]:
        assert secret not in written
