"""Nothing in the repository is a secret, a machine's path or somebody's package server."""

import re

import pytest

from tests.architecture.sources import tracked
from tests.servers import ROOT

BINARY = {".png", ".woff2", ".opus", ".ogg", ".mo", ".ico", ".webm", ".wav", ".mp3", ".gz"}

FORBIDDEN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a secret with its value": r"(?m)^\s*(?:export )?MPP_SECRET_KEY=(?![$\s…\"'<]|$)\S+",
    "a password in an address": r"(?:postgresql|redis)(?:\+\w+)?://\w+:(?!\$|…|\*|password@|secret@)[^@\s/{]+@",
    "a package server": r"(?:pypi|pythonhosted|npmjs|yarnpkg|proxy\.golang|crates)\.(?:org|com|io)/",
    "an index of packages": r"--(?:extra-)?index-url|--find-links|^registry=",
    "somebody's home": r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/",
    "a path of one machine": r"(?<![\w.])/(?:work|workspace|mnt|opt/pypi|opt/wheels)/",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    pattern = re.compile(FORBIDDEN[what])

    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.suffix not in BINARY and path.name != "test_secrets.py"
        for match in [pattern.search(path.read_text(errors="replace"))]
        if match
    ]

    assert found == []
