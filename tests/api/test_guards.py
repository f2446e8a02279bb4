"""A verb says whom it means: a press meant for another visitor, or another moment, changes nothing."""

import pytest

from tests.api.mall import code

AT_A = {"services": ["A-01"], "priority": None, "language": "id"}
OF_THE_VISITOR = ("recall", "start", "finish", "miss", "park", "put-back", "transfer")
OF_THE_COUNTER = ("call-next", "pause", "close", "hand-over", "serve")
ALSO = {"transfer": {"queue": "AB"}, "serve": {"service": "A-01"}}


@pytest.fixture
def counter(mall):
    """An open counter of Disdukcapil where nobody else waits."""
    number = mall.model.counters["A"][0]
    mall.clear(number)
    while mall.verb(number, "open").status_code == 200 and mall.verb(number, "call-next").status_code == 200:
        mall.do(number, "start", "finish")
    yield number
    mall.clear(number)


def called(mall, counter):
    mall.take(AT_A)
    return mall.verb(counter, "call-next").json()["turn"]


def seq(mall, counter):
    return mall.get("officer_a", f"/api/v1/counters/{counter}").json()["seq"]


@pytest.mark.parametrize("verb", OF_THE_VISITOR)
def test_a_verb_for_a_visitor_who_has_gone_moves_nobody_else(mall, counter, verb):
    gone = called(mall, counter)
    mall.do(counter, "start", "finish")
    here, before = called(mall, counter), seq(mall, counter)

    answer = mall.verb(counter, verb, {"turn": gone["id"], **ALSO.get(verb, {})})

    assert (answer.status_code, code(answer)) == (409, "wrong_moment")
    assert answer.json()["detail"].startswith(f"{gone['label']} sudah selesai")
    assert seq(mall, counter) == before
    shown = mall.get("officer_a", f"/api/v1/counters/{counter}").json()["turn"]
    assert (shown["id"], shown["state"]) == (here["id"], "called")


@pytest.mark.parametrize("verb", OF_THE_VISITOR)
def test_a_verb_for_another_moment_of_the_visitor_is_refused(mall, counter, verb):
    here = called(mall, counter)
    before = seq(mall, counter)

    answer = mall.verb(counter, verb, {"turn": here["id"], "state": "serving", **ALSO.get(verb, {})})

    assert (answer.status_code, code(answer), seq(mall, counter)) == (409, "wrong_moment", before)


@pytest.mark.parametrize("verb", OF_THE_COUNTER)
def test_a_verb_for_an_empty_desk_is_refused_while_somebody_is_there(mall, counter, verb):
    here, before = called(mall, counter), seq(mall, counter)

    answer = mall.verb(counter, verb, {"turn": None, **ALSO.get(verb, {})})

    assert (answer.status_code, code(answer), seq(mall, counter)) == (409, "wrong_moment", before)
    assert here["label"] in answer.json()["detail"]


def test_what_is_as_it_was_seen_is_done(mall, counter):
    here = called(mall, counter)
    meant = {"turn": here["id"], "state": "called"}

    assert mall.verb(counter, "recall", meant).status_code == 200
    assert mall.verb(counter, "start", meant).status_code == 200
    ended = mall.verb(counter, "finish", {"turn": here["id"], "state": "serving"})
    assert ended.json()["turn"]["state"] == "done"
    undone = mall.verb(counter, "undo", {"turn": here["id"], "state": "done"})
    assert undone.json()["turn"]["state"] == "serving"


def test_undo_of_another_visitor_than_the_last_is_refused(mall, counter):
    first = called(mall, counter)
    mall.do(counter, "start", "finish")
    second = called(mall, counter)
    mall.do(counter, "start", "finish")

    assert code(mall.verb(counter, "undo", {"turn": first["id"]})) == "wrong_moment"
    assert mall.verb(counter, "undo", {"turn": second["id"]}).json()["turn"]["id"] == second["id"]


def test_a_chosen_turn_is_guarded_by_its_state(mall, counter):
    here = called(mall, counter)
    mall.do(counter, "park")

    assert code(mall.verb(counter, "resume", {"turn": here["id"], "state": "missed"})) == "wrong_moment"
    assert mall.verb(counter, "resume", {"turn": here["id"], "state": "parked"}).status_code == 200


def test_a_remembered_intent_answers_before_the_guards(mall, counter):
    here = called(mall, counter)
    body = {"turn": here["id"], "state": "called"}
    first = mall.post("officer_a", f"/api/v1/counters/{counter}/start", body, "guarded once")
    mall.do(counter, "finish")

    again = mall.post("officer_a", f"/api/v1/counters/{counter}/start", body, "guarded once")

    assert (again.status_code, again.json()) == (200, first.json())
