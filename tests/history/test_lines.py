"""The checker's own line names the same turn as the policy, whatever happened in it."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpp.domain.order import Caller, Waiting, may_be_called, next_in_line
from mpp.history.lines import Line

NOW = 1_000
CALLER = Caller(counter=1, holder=7, queues=("AA",), picks="preference", prefers_priority=False, minutes={})
STAFFED = {1: 7, 2: 8}
HEAD_START, RATIO = {"kind": "head_start", "minutes": 15}, {"kind": "ratio", "regular": 2, "priority": 1}

turns = st.builds(
    Waiting,
    turn=st.integers(1, 12),
    queue=st.just("AA"),
    order_key=st.integers(0, 50),
    joined_seq=st.integers(1, 40),
    priority=st.booleans(),
    counter=st.sampled_from([None, None, None, 1, 2, 3]),
    person=st.sampled_from([None, None, None, 7, 8, 9]),
    out_until=st.sampled_from([None, None, None, NOW - 1, NOW, NOW + 1]),
)
happenings = st.lists(
    st.tuples(st.sampled_from(["stand", "stand", "stand", "leave", "call", "put back"]), turns), max_size=60
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happenings, st.sampled_from([HEAD_START, RATIO]))
def test_the_next_of_a_line_is_whom_the_policy_names(happened, policy):
    line, waiting, calls, priority = Line(), {}, [], {}
    for nth, (what, drawn) in enumerate(happened):
        turn = replace(drawn, joined_seq=drawn.joined_seq * 100 + nth)  # no two turns join with one entry
        priority[turn.turn] = turn.priority
        _happen(line, what, turn)
        waiting.pop(turn.turn, None)
        if what == "stand":
            waiting[turn.turn] = turn
        if what in ("call", "put back"):
            calls = [each for each in calls if each != turn.turn] + [turn.turn] * (what == "call")
        free = [each for each in waiting.values() if may_be_called(each, CALLER, STAFFED, NOW)]

        found = line.next(policy, lambda each: may_be_called(each, CALLER, STAFFED, NOW), priority.get)

        assert found == (next_in_line(free, policy, map(priority.get, calls)) if free else None)
        assert sorted(line.keys()) == sorted(each.order_key for each in waiting.values())


def _happen(line, what, turn):
    line.leave(turn.turn)
    if what == "stand":
        line.stand(turn)
    if what == "call":
        line.call(turn.turn)
    if what == "put back":
        line.uncall(turn.turn)
