"""Who may do what to whose objects: every route × every role × one's own agency and another."""

import re

import pytest
from werkzeug.test import TestResponse

from mpp.auth import ANYONE, BEARER
from tests.api.building import DEVICES, PEOPLE, SECRET_NAME, SECRET_NOTE, Building, Who, building, furnished
from tests.api.matrix import API, OWNED, TABLE, filled, names
from tests.world import time

__all__ = ["building", "furnished", "time"]

IN = (200, 201, 204, 303, 409)
SECRETS = re.compile(rf"{SECRET_NAME}|{SECRET_NOTE}|\bB[A-Z]\d?-\d{{3}}\b")
# A row of agency B in a document; of all agencies speaks the catalogue alone, as the kiosks show it.
ROWS = re.compile(r'"agency": ?"B"')
PUBLIC = ("GET /api/v1/catalogue",)


def expected(rule: str, allowed: tuple[str, ...], who: Who, side: str) -> tuple[int, ...]:
    """The statuses that may come of it: by the door, then by whose the objects are."""
    case, page, named = TABLE[rule], rule not in API, names(rule)
    if allowed in (ANYONE, BEARER):
        return case.always if isinstance(case.always, tuple) else (case.always or 200,)
    if who.kind == "nobody":
        return (303, 401) if page else (401,)
    if who.kind not in allowed:
        return (303, 401, 403) if page and who.kind in DEVICES else (403,)
    if case.mall_only and who.agency:
        return (404,)
    if side == "other" and who.kind in DEVICES and named & {"slip", "zone"}:
        return (404,)
    if is_foreign(rule, who, side):
        return (case.other,)
    return IN if rule.startswith("POST") else (200, 303)


def is_foreign(rule: str, who: Who, side: str) -> bool:
    """Whether somebody of agency A names what belongs to agency B."""
    return side == "other" and who.agency is not None and bool(names(rule) & OWNED)


def judge(building: Building, rule: str, who: Who, side: str) -> str | None:
    """What is wrong with the answer to one request, if anything."""
    allowed, before = building.allowed(rule), building.world.head().seq
    objects = building.objects["B" if side == "other" else "A"]
    answer = building.ask(who, rule, objects)
    asked, fitting = f"{who.name}, {side}: {rule}", expected(rule, allowed, who, side)
    if answer.status_code not in fitting:
        return f"{asked}: {answer.status_code} instead of {fitting}: {answer.text[:200]}"
    if who.agency and (found := leak(answer, building.objects["B"], rule, allowed)):
        return f"{asked}: shows {found}"
    refused = answer.status_code >= 400 or is_foreign(rule, who, side)
    if refused and allowed not in (ANYONE, BEARER) and building.world.head().seq != before:
        return f"{asked}: refused, and yet something was written"
    return None


def leak(answer: TestResponse, others: dict, rule: str, allowed: tuple[str, ...]) -> str | None:
    """What of agency B's stands in an answer, beyond what the request said itself.

    Whoever holds a ticket's token is its visitor, and reads its label.
    """
    said = str(filled(TABLE[rule].body, others)) + str(filled(TABLE[rule].query, others))
    said += others["label"] if allowed == BEARER else ""
    if rule in API and rule not in PUBLIC and allowed != BEARER and ROWS.search(answer.text):
        return "a row of agency B"
    return next((found for found in SECRETS.findall(shown(answer)) if found not in said), None)


def shown(answer: TestResponse) -> str:
    """The bytes of an answer, and the words of a page as they are read."""
    words = re.sub(r"<[^>]*>", " ", re.sub(r"</?span[^>]*>", "", answer.text))
    return f"{answer.headers} {answer.text} {words}"


def test_every_route_is_in_the_table(building):
    served = {
        f"{method} {rule.rule}"
        for rule in building.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert served - set(TABLE) == set(), "declare these in tests/api/matrix.py"
    assert set(TABLE) - served == set()


@pytest.mark.parametrize("name", [*PEOPLE, *DEVICES, "nobody"])
def test_every_door_opens_for_its_own_and_shows_nothing_of_others(building, name):
    who = building.who[name]
    looking_first = sorted(TABLE, key=lambda rule: rule.startswith("POST"))

    found = [
        judge(building, rule, who, side)
        for side in ("other", "own")
        for rule in looking_first
        if side == "own" or who.kind in building.allowed(rule)
    ]

    assert "\n".join(each for each in found if each) == ""


def test_another_agencys_turn_is_not_found_at_ones_own_counter(building):
    world, officer = building.world, building.who["officer_a"]
    free = world.loket_2
    own, other = building.objects["A"] | {"counter": free.id}, building.objects["B"]
    world.open(free, world.officer("officer_a", agency="A"))
    wrong = []

    for rule, case in TABLE.items():
        if case.mixed is not None:
            answer = building.ask(officer, rule, own, filled(case.body, other))
            if answer.status_code != case.mixed or SECRETS.search(shown(answer)):
                wrong.append(f"{rule}: {answer.status_code} {answer.text[:200]}")

    assert "\n".join(wrong) == ""


def test_what_is_anothers_answers_as_if_it_were_not_there(building):
    officer, other = building.who["officer_a"], building.objects["B"]
    absent = {name: 424242 if type(value) is int else "Q-9" for name, value in other.items()}

    def answer(rule, objects):
        """What was said, without the codes that the request itself had sent."""
        said = building.ask(officer, rule, objects)
        detail = said.json["detail"]
        for sent in sorted(
            (each for each in objects.values() if isinstance(each, str)), key=len, reverse=True
        ):
            detail = re.sub(rf"\b{sent}\b", "_", detail)
        return said.status_code, said.json["code"], detail

    told_apart = {
        rule
        for rule, case in TABLE.items()
        if rule in API
        and case.other == 404
        and names(rule) & OWNED
        and officer.kind in building.allowed(rule)
        if answer(rule, other) != answer(rule, absent)
    }

    assert told_apart == set()


def test_the_watch_for_secrets_sees_them_where_they_may_be_read(building):
    """A watch that never barks is worth nothing: people of the whole mall do see these."""
    watched = {
        "GET /api/v1/events": "supervisor",
        "GET /api/v1/counters/<int:counter_id>": "supervisor",
        "GET /api/v1/turns/<int:turn_id>/why": "supervisor",
        "GET /api/v1/zones/<code>/board": "supervisor",
        "GET /desk/<int:counter_id>/live": "officer",
        "GET /greeter/list": "greeter",
        "GET /greeter/list.csv": "greeter",
        "GET /admin": "admin",
    }

    silent = {
        rule
        for rule, name in watched.items()
        if not SECRETS.search(shown(building.ask(building.who[name], rule, building.objects["B"])))
    }

    assert silent == set()
