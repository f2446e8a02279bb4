"""The installation's secret: made once, whole, and for its owner only."""

import stat
from concurrent.futures import ThreadPoolExecutor

from mpp.settings import Settings


def test_the_secret_is_made_once_however_many_ask_first(tmp_path):
    def ask(_):
        return Settings(data_dir=tmp_path / "data").secret

    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(ask, range(24)))

    assert len(secrets) == 1 and len(secrets.pop()) == 64


def test_only_its_owner_reads_the_secret_and_no_draft_stays(tmp_path):
    found = Settings(data_dir=tmp_path)

    path = tmp_path / "secret.key"
    assert found.secret == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
