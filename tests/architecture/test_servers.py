"""The servers that tests lean on start, die and come back."""

import os

import psycopg
import pytest

from tests import servers


def test_each_database_is_new_and_alone(postgres):
    first, second = postgres.database(), postgres.database()

    with psycopg.connect(first.replace("+psycopg", "")) as line:
        line.execute("CREATE TABLE t (a int)")
    with psycopg.connect(second.replace("+psycopg", "")) as line:
        tables = line.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    assert tables == (0,)


def test_a_killed_postgres_comes_back_with_what_was_committed():
    server = servers.Postgres(sync=True)
    try:
        server.ask("CREATE TABLE t AS SELECT 7 AS a")

        server.kill()
        seconds = server.restart()

        assert server.ask("SELECT a FROM t") == [(7,)]
        assert seconds < 10
    finally:
        server.stop()


def test_servers_do_not_run_as_root(postgres, redis):
    owners = {os.stat(f"/proc/{server.program.pid}").st_uid for server in (postgres, redis)}

    assert 0 not in owners


def test_a_hung_redis_answers_nothing_until_it_goes_on(redis):
    redis.pause()
    assert not _pings(redis)

    redis.resume()
    servers.wait_until(lambda: _pings(redis), 5)


def test_a_program_that_ends_early_is_reported_with_its_words(tmp_path):
    program = servers.Program(["sh", "-c", "echo kertas habis >&2; exit 3"], log=tmp_path / "log")

    with pytest.raises(servers.NotReady, match="kertas habis"):
        program.ready("http://127.0.0.1:9/")


def test_killing_a_program_kills_its_children(tmp_path):
    program = servers.Program(["sh", "-c", "sleep 300 & sleep 300; true"], log=tmp_path / "log")
    servers.wait_until(lambda: len(servers.family(program.pid)) == 3)
    everyone = servers.family(program.pid)

    program.kill()

    servers.wait_until(lambda: not any(_alive(pid) for pid in everyone))


def _pings(redis):
    import redis as client

    try:
        return client.Redis.from_url(redis.url, socket_timeout=0.3, retry=None).ping()
    except client.exceptions.TimeoutError:
        return False


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
