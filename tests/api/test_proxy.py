"""Behind a reverse proxy, limits count the visitor's address, on the proxy's word alone."""

import pytest

from mpp import schema
from mpp.app import create_app
from mpp.db import Database
from mpp.settings import Settings

GUESS = "/api/v1/tickets/" + "x" * 22


@pytest.fixture(params=[True, False])
def server(request, tmp_path):
    """A server that stands behind a proxy, and one that does not."""
    settings = Settings(data_dir=tmp_path, behind_proxy=request.param)
    schema.migrate(Database(settings))
    app, _ = create_app(settings)
    return app.test_client(), request.param


def guesses(client, address):
    return {client.get(GUESS + str(n), headers={"X-Forwarded-For": address}).status_code for n in range(31)}


def test_limits_follow_the_address_that_the_proxy_names(server):
    client, behind = server

    assert guesses(client, "192.0.2.7") == {404, 429}
    assert (404 in guesses(client, "192.0.2.8")) is behind
