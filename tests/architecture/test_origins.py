"""No page, style or script asks anybody outside the building for anything."""

import re

import pytest

from tests.architecture.sources import files
from tests.servers import ROOT

# Names of vocabularies, not addresses: nothing is ever asked of them.
VOCABULARIES = ("http://www.w3.org/", "https://socket.io/docs/")  # the latter in a warning's words
ADDRESS = re.compile(r"""(?:https?:|wss?:)?//[a-zA-Z0-9-]+\.[a-zA-Z][^\s"'<>)`]*""")
COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?m:^\s*//.*$)|(?m:(?<=\s)//\s.*$)|\{#.*?#\}", re.DOTALL)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:importmap|application/json)\")[^>]*>|\son[a-z]+=\"|\sstyle=\"|<style"
)


@pytest.mark.parametrize(
    "path", files(".html", ".css", ".js", ".mjs", ".svg"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_nothing_names_another_origin(path):
    words = COMMENT.sub("", path.read_text())

    addresses = [found for found in ADDRESS.findall(words) if not found.startswith(VOCABULARIES)]

    assert addresses == []


@pytest.mark.parametrize("path", files(".html"), ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_have_no_inline_script_or_style(path):
    words = COMMENT.sub("", path.read_text()).replace(' on="', " ")

    assert INLINE.findall(words) == []
