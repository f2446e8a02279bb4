"""Characters that no database keeps and ids that no column holds, in every field and path of every route.

The fields are read from the declared bodies: a route that comes later is asked too.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from urllib.parse import quote

import jsonschema_rs
import pytest

from mpp import OLDEST_CLIENT, VERSION, clock
from mpp.api.openapi import description
from mpp.api.route import described
from mpp.domain.reasons import OWN
from mpp.history import examine
from mpp.routes import Route
from tests.api.building import FILE, Building, Who, furnish
from tests.api.matrix import API, TABLE, filled, path_of
from tests.world import Time

TEXTS = ("\0", "a\0b", "\x1b[2J", "\x7f")
NUMBERS = (2**31, 2**53, 2**53 + 1, 2**63, 10**40)
REFUSED = (404, 409, 422)
SCHEMAS = description(VERSION, OLDEST_CLIENT)["components"]["schemas"]
Path = tuple[str | int, ...]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def building(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    """One building on each kind of database: PostgreSQL is stricter in what it keeps."""
    room, still = tmp_path_factory.mktemp(request.param), Time()
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{room / FILE}" if on_sqlite else request.getfixturevalue("postgres").database()
    clock.use(still.now, lambda: still.uptime)
    made = Building(furnish(room, still, url), url, room, still)
    yield made
    made.end()
    clock.use(None)


def rule_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def visitor_of(building: Building, rule: str) -> Who:
    """Somebody whom the route lets in."""
    allowed = building.allowed(rule)
    return next((who for who in building.who.values() if who.kind in allowed), building.who["nobody"])


def fields(shape: dict, at: Path = ()) -> list[tuple[Path, str]]:
    """Every place in a body that takes words or whole numbers, by the description of the API."""
    shape = SCHEMAS[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    if "anyOf" in shape:
        return list(dict.fromkeys(found for each in shape["anyOf"] for found in fields(each, at)))
    if shape.get("type") == "object":
        parts = shape.get("properties", {}).items()
        return [found for name, part in parts for found in fields(part, (*at, name))]
    if shape.get("type") == "array":
        return fields(shape["items"], (*at, 0))
    kind = {"string": "text", "integer": "number"}.get(shape.get("type", ""))
    return [(at, kind)] if kind and "enum" not in shape and "const" not in shape else []


def placed(said: object, at: Path, value: object) -> object:
    """A body with something else in one place."""
    if not at:
        return value
    if at[0] == 0:
        return [placed(said[0] if isinstance(said, list) and said else {}, at[1:], value)]
    said = dict(said) if isinstance(said, dict) else {}
    return said | {at[0]: placed(said.get(at[0]), at[1:], value)}


def bodies(kind: str) -> list[tuple[Route, Path]]:
    """Every field of this kind, of every body that a route declares."""
    return [
        (route, at)
        for route, call in described()
        if call.body
        for at, found in fields({"$ref": call.body.__name__})
        if found == kind
    ]


def allows(route: Route, body: object) -> bool:
    """Whether the description of the API lets this body pass."""
    shape = deepcopy(SCHEMAS[route.kind.body.__name__]) | {"components": {"schemas": SCHEMAS}}
    return jsonschema_rs.is_valid(shape, body, validate_formats=True)


def test_no_field_takes_a_control_character(building):
    asked, wrong = bodies("text"), []
    for route, at in asked:
        rule = rule_of(route)
        for text in TEXTS:
            body = placed(filled(TABLE[rule].body, building.objects["A"]), at, text)
            answer = building.ask(visitor_of(building, rule), rule, building.objects["A"], body)
            told = (answer.status_code, answer.json["code"], allows(route, body))
            wrong += [(rule, at, text, *told)] * (told != (422, "invalid", False))

    assert len(asked) > 20
    assert wrong == []


def test_a_note_keeps_its_lines(building):
    objects, officer = building.objects["A"], building.who["officer_a"]
    said = {"reason": "dokumen", "note": "KK asli\r\n\tdan fotokopi"}
    path = f"/api/v1/counters/{objects['counter']}/park"

    assert building.send(officer, "POST", path, said).status_code == 200


def test_no_field_takes_an_id_that_no_column_holds(building):
    asked, wrong = bodies("number"), []
    for route, at in asked:
        rule = rule_of(route)
        for number in NUMBERS:
            body = placed(filled(TABLE[rule].body, building.objects["A"]), at, number)
            answer = building.ask(visitor_of(building, rule), rule, building.objects["A"], body)
            fitting = REFUSED if allows(route, body) else (422,)
            wrong += [(rule, at, number, answer.status_code)] * (answer.status_code not in fitting)
            wrong += [(rule, at, number, "is not refused")] * (number > 2**53 and answer.status_code != 422)

    assert len(asked) > 5
    assert wrong == []


def test_no_reason_is_one_that_the_program_writes_itself(building):
    asked = [(route, at) for route, at in bodies("text") if at[-1] == "reason"]
    wrong = []
    for route, at in asked:
        rule = rule_of(route)
        for reason in OWN:
            body = placed(filled(TABLE[rule].body, building.objects["A"]), at, reason)
            answer = building.ask(visitor_of(building, rule), rule, building.objects["A"], body)
            told = (answer.status_code, answer.json["code"], allows(route, body))
            wrong += [(rule, reason, *told)] * (told != (422, "invalid", False))

    assert len(asked) >= 7
    assert wrong == []


def test_a_path_with_an_id_or_a_word_that_is_none_leads_nowhere(building):
    wrong = []
    for rule in TABLE:
        kinds = dict(arguments(rule))
        for name, kind in kinds.items():
            for value in NUMBERS if kind == "int" else ("\0", "a\0b"):
                status = reached(building, rule, name, value).status_code
                fine = status == 404 if rule in API or kind == "int" else status < 500
                wrong += [] if fine else [(rule, value, status)]

    assert wrong == []


def arguments(rule: str) -> list[tuple[str, str]]:
    """The arguments of a path with their kinds."""
    return [(name, kind) for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule)]


def reached(building: Building, rule: str, argument: str, value: object):
    """The answer at a path in which one argument is this."""
    own, case, method = building.objects["A"], TABLE[rule], rule.split(" ")[0]
    path = re.sub(rf"<(?:\w+:)?{argument}>", quote(str(value), safe=""), rule)
    path = filled(path_of(path), own)
    who = visitor_of(building, rule)
    return building.send(who, method, path, filled(case.body, own), filled(case.query, own), rule in API)


def test_no_question_and_no_form_of_a_page_breaks_the_server(building):
    wrong = []
    for rule, case in TABLE.items():
        own, method = building.objects["A"], rule.split(" ")[0]
        declared = [name for route, call in described() if rule_of(route) == rule for name, _ in call.query]
        asked = [("query", name) for name in {*case.query, *declared}]
        asked += [("body", name) for name in case.body if rule not in API]
        for part, name in asked:
            for value in ("\0", "a\0b", str(2**31), str(2**63), "9" * 40):
                body, query = filled(case.body, own), filled(case.query, own)
                (query if part == "query" else body)[name] = value
                who = visitor_of(building, rule)
                answer = building.send(who, method, filled(path_of(rule), own), body, query, rule in API)
                wrong += [(rule, name, value, answer.status_code)] * (answer.status_code >= 500)

    assert wrong == []
    with building.world.db.reading() as session:
        assert examine(session, building.world.mall_id).violations == []
