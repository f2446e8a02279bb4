"""Every route and every socket says who may enter; one that does not, fails here."""

import pytest

from mpp import auth, schema
from mpp.app import create_app
from mpp.db import Database
from mpp.live.screen import Screen
from mpp.routes import ROUTES
from mpp.settings import Settings

# What may stand in a door: the kinds and roles that `mpp.auth` names, alone or together.
KNOWN = {
    word
    for value in vars(auth).values()
    if isinstance(value, tuple) and all(isinstance(word, str) for word in value)
    for word in value
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    room = tmp_path_factory.mktemp("access")
    settings = Settings(database_url=f"sqlite:///{room}/mpp.sqlite3", data_dir=room, rate_limits="off")
    schema.migrate(Database(settings))
    app, _ = create_app(settings)
    return app


def test_every_route_declares_its_door(app):
    without = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in ROUTES or not ROUTES[rule.endpoint].allowed
    ]

    assert without == []


def test_every_door_is_one_that_the_porter_knows(app):
    strange = {
        rule.endpoint: allowed
        for rule in app.url_map.iter_rules()
        if (allowed := ROUTES[rule.endpoint].allowed) and not set(allowed) <= KNOWN
    }

    assert strange == {}


def test_the_socket_declares_its_door():
    assert set(Screen.allowed) <= KNOWN


def test_nothing_is_changed_by_looking(app):
    """A GET is never the way to an action: every changing route takes POST alone."""
    mixed = [rule.rule for rule in app.url_map.iter_rules() if {"GET", "POST"} <= rule.methods]

    assert mixed == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_gets_no_further_than_the_door(app, method):
    stranger, entered = app.test_client(), []
    for rule in app.url_map.iter_rules():
        allowed = ROUTES[rule.endpoint].allowed
        if method not in rule.methods or allowed in (auth.ANYONE, auth.BEARER, auth.MONITORING):
            continue
        path = rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)[1]
        answer = stranger.open(path, method=method, json={} if method == "POST" else None)
        if answer.status_code not in (301, 302, 303, 401, 403):
            entered.append(f"{path}: {answer.status_code}")

    assert entered == []
