"""A server process carries no library that it never uses."""

import subprocess
import sys


def test_a_server_alone_loads_neither_the_redis_client_nor_a_client_for_outgoing_connections():
    code = "import sys, mpp.app; print(*({'redis', 'requests', 'aiohttp'} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert loaded.stdout.split() == []
