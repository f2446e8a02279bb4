"""Why not me, over the API: for staff of the agency and of the mall, and for nobody else."""

import pytest

from tests.api.mall import KTP, PASPOR, code


def why(mall, turn, who="officer_a"):
    return mall.get(who, f"/api/v1/turns/{turn}/why")


def turn_of(taken):
    return taken["turns"][0]["id"]


def test_staff_read_who_is_ahead_and_by_which_rule(mall):
    mall.take(KTP)
    elder, last = mall.take({**KTP, "priority": "LANSIA"}), mall.take(KTP)

    said = why(mall, turn_of(last))

    assert said.status_code == 200
    answer = said.json()
    assert list(answer) == ["turn", "label", "place", "ahead", "sentence", "visitor"]
    assert (answer["turn"], answer["label"]) == (turn_of(last), last["label"])
    assert answer["place"] == len(answer["ahead"]) + 1 == last["turns"][0]["ahead"] + 1
    first = answer["ahead"][0]
    assert list(first) == ["turn", "label", "rule", "sentence"]
    assert (first["turn"], first["label"]) == (turn_of(elder), elder["label"])
    assert "prioritas" not in answer["visitor"]


@pytest.mark.parametrize("who", ["officer_a", "supervisor_a", "supervisor", "admin", "greeter"])
def test_everybody_who_answers_visitors_may_ask(mall, who):
    assert why(mall, turn_of(mall.take(KTP)), who).status_code == 200


@pytest.mark.parametrize("who", ["kiosk", "display", "nobody"])
def test_machines_and_strangers_do_not_learn_who_is_ahead(mall, who):
    assert why(mall, turn_of(mall.take(KTP)), who).status_code in (401, 403)


def test_a_turn_of_another_agency_is_as_absent_as_none(mall):
    other, absent = why(mall, turn_of(mall.take(PASPOR))), why(mall, 999_999_999)
    beyond = why(mall, 2**60)

    assert (other.status_code, other.json()) == (404, absent.json())
    assert (beyond.status_code, code(beyond)) == (404, "not_found")


def test_a_turn_that_does_not_wait_says_what_it_does(mall):
    taken = mall.take(PASPOR)
    mall.post("nobody", f"/api/v1/tickets/{taken['token']}/cancel")

    said = why(mall, turn_of(taken), "officer_b")

    assert (said.status_code, code(said)) == (409, "wrong_moment")
    assert said.json()["detail"] == f"{taken['label']} sudah batal."
