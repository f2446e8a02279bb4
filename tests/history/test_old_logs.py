"""A log that began before lines had their minutes, and calls were put back for good, is still sound."""

from mpp.history import Replay
from tests.history.stories import broken, first_broken


def without_minutes(story):
    for each in story.entries:
        if each["event"] == "queue_set":
            each["facts"].pop("minutes")
    return story


def test_a_log_without_minutes_is_sound(full_story, story):
    assert broken(without_minutes(full_story).rows()) == []
    assert broken(without_minutes(story).rows()) == []


def test_how_a_counter_chose_by_relative_wait_is_not_judged_without_minutes(full_story):
    full_story.find("counter_set", counter=1)["facts"]["picks"] = "relative_wait"
    full_story.find("turn_called", turn=5)["reason"] = None
    assert "out_of_order" in first_broken(full_story.rows())

    assert broken(without_minutes(full_story).rows()) == []


def test_a_call_that_was_put_back_was_kept_by_the_first_programs(story):
    put_back, cancelled = story.find("turn_put_back"), story.find("turn_cancelled")
    again = {
        key: put_back[key] for key in ("ticket", "turn", "label", "queue", "at", "actor", "agency", "zones")
    }
    given_up = story.again(cancelled, **again, facts={"call": put_back["facts"]["call"]})
    called = story.find("turn_called", turn=put_back["turn"])
    story.insert(put_back, given_up)
    for each in [each for each in story.entries if each["turn"] == put_back["turn"]]:
        if story.entries.index(each) > story.entries.index(given_up):
            story.remove(each)
    assert story.entries.index(called) < story.entries.index(put_back)

    assert "wrong_call" in first_broken(story.rows())
    replay = Replay(1)
    replay.read(without_minutes(story).rows())

    assert "wrong_call" not in {each.code for each in replay.findings.violations}
