"""No rule of the checker without a history that breaks it."""

import inspect
import re

from mpp.history import (
    calls,
    counters,
    entrances,
    entries,
    moves,
    papers,
    replay,
    rules,
    steps,
    turn_steps,
)
from tests.history import test_bad_histories, test_bad_verbs

JUDGES = (calls, counters, entrances, entries, moves, papers, replay, rules, steps, turn_steps)
SAID = re.compile(r'(?:yield|findings\.add\(|Due\()\s*\(?\s*"([a-z_]+)"')


def test_every_rule_has_a_history_that_breaks_it():
    known = set(SAID.findall("".join(inspect.getsource(module) for module in JUDGES)))

    told = test_bad_histories.TALES.codes | test_bad_histories.FORGERIES.codes | test_bad_verbs.TALES.codes

    assert known == told
