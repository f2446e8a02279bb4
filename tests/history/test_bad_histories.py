"""Each bad history is a good one spoiled in one place; the checker names it at the entry where it shows."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from mpp.domain.log import canonical, seal
from tests.history.stories import first_broken, reseal
from tests.history.tales import Tales

TALES, FORGERIES = Tales(), Tales()
tale, forgery = TALES, FORGERIES


@pytest.mark.parametrize("name", TALES)
def test_a_false_tale_is_called_by_its_name(story, name):
    code, spoil = TALES[name]

    spoil(story)

    assert code in first_broken(story.rows())


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_row_is_called_by_its_name(good_rows, name):
    code, spoil = FORGERIES[name]

    assert code in first_broken(spoil(list(good_rows)))


# Numbers.
@tale("number_twice")
def the_same_number_is_given_twice(story):
    story.find("ticket_taken", label="AA-003")["facts"]["number"] = 2


@tale("number_skipped")
def a_number_is_skipped(story):
    taken = story.find("ticket_taken", label="AA-003")
    taken["facts"]["number"], taken["label"] = 4, "AA-004"


@tale("number_skipped")
def a_number_vanishes_from_the_log(story):
    for each in [each for each in story.entries if each["label"] == "AB-002"]:
        story.remove(each)
    for each in [each for each in story.entries if (each["ticket"] or 0) > 5]:
        each["ticket"] -= 1
        each["turn"] = each["turn"] and each["turn"] - 1


@tale("label_wrong")
def a_label_says_another_number(story):
    for each in story.entries:
        if each["label"] == "AA-003":
            each["label"] = "AA-033"


@tale("id_gap")
def a_ticket_id_is_left_out(story):
    for each in story.entries:
        if each["ticket"] == 13:
            each["ticket"] = 14


@tale("id_gap")
def a_turn_id_is_left_out(story):
    for each in story.entries:
        if each["turn"] == 13:
            each["turn"] = 20


@tale("quota_exceeded")
def one_number_more_than_the_quota(story):
    story.remove(story.find("turn_cancelled"))


@tale("unknown_queue")
def a_number_for_a_queue_that_is_not_there(story):
    story.remove(story.find("queue_set", queue="BA"))


@tale("ticket_without_turn")
def a_number_stands_in_no_line(story):
    story.remove(story.find("turn_joined", label="AB-003"))


@tale("unknown_ticket")
def a_turn_without_a_number(story):
    joined = story.find("turn_joined", label="AB-003")
    story.insert(joined, story.again(joined, ticket=99, turn=9))


# Turns.
@tale("turn_twice")
def a_turn_joins_twice(story):
    joined = story.find("turn_joined", label="AB-003")
    story.insert(joined, story.again(joined))


@tale("unknown_turn")
def a_turn_that_never_joined_is_called(story):
    story.find("turn_called", label="AA-005")["turn"] = 99


@tale("wrong_ticket")
def a_call_shows_the_label_of_somebody_else(story):
    story.find("turn_called", label="AA-005")["label"] = "AA-004"


@tale("illegal_move")
def a_turn_is_finished_before_it_was_started(story):
    story.swap(story.find("turn_started"), story.find("turn_finished"))


@tale("illegal_move")
def a_cancelled_turn_is_called(story):
    cancelled, called = story.find("turn_cancelled"), story.find("turn_called", label="BA-001")
    facts = {key: cancelled[key] for key in ("ticket", "turn", "label")}
    called |= facts


@tale("wrong_from")
def a_move_claims_another_beginning(story):
    story.find("turn_started", label="AA-005")["from"] = "waiting"


@tale("wrong_to")
def a_move_claims_another_end(story):
    story.find("turn_started", label="AA-005")["to"] = "done"


@tale("conservation")
def a_queue_loses_somebody_that_it_never_had(story):
    story.find("turn_missed")["queue"] = "CA"


# Counters.
@tale("unknown_counter")
def a_call_to_a_counter_that_is_not_there(story):
    story.find("turn_called", label="AA-005")["counter"] = 77


@tale("counter_closed")
def a_call_to_a_closed_counter(story):
    story.remove(story.find("counter_opened", counter=1))


@tale("not_holder")
def a_call_by_somebody_who_does_not_hold_the_counter(story):
    story.find("turn_called", label="AA-005")["actor"] = "person:2"


@tale("not_served_here")
def a_call_to_a_counter_that_does_not_serve_the_queue(story):
    story.find("counter_set", counter=4)["facts"]["queues"] = ["AA"]


@tale("counter_double")
def a_counter_calls_two_at_once(story):
    story.remove(story.find("turn_finished", label="AA-005"))


@tale("turn_double")
def two_counters_call_the_same_turn(story):
    called = story.find("turn_called", label="AA-001")
    story.insert(called, story.again(called, counter=2))


@tale("other_counter")
def a_turn_is_started_at_another_counter(story):
    story.find("turn_started", label="AA-005")["counter"] = 2


@tale("opened_twice")
def a_counter_opens_while_it_is_open(story):
    opened = story.find("counter_opened", counter=4)
    story.insert(opened, story.again(opened))


@tale("closed_twice")
def a_counter_closes_while_it_is_closed(story):
    closed = story.find("counter_closed", counter=3)
    story.insert(closed, story.again(closed))


@tale("closed_while_busy")
def a_counter_closes_with_a_visitor_at_it(story):
    story.swap(story.find("turn_missed"), story.find("counter_closed", counter=3))


# Order and calls.
@tale("out_of_order")
def somebody_is_called_before_it_is_their_turn(story):
    elder, first = story.find("turn_called", label="AA-005"), story.find("turn_called", label="AA-001")
    keys = ("ticket", "turn", "label")
    mine = {key: elder[key] for key in keys}
    theirs = {key: first[key] for key in keys}
    for each in story.entries[story.entries.index(elder) :]:
        if each["label"] == mine["label"]:
            each |= theirs
        elif each["label"] == theirs["label"]:
            each |= mine


@tale("order_key")
def a_head_start_for_somebody_without_priority(story):
    story.find("turn_joined", label="AA-004")["facts"]["order_key"] -= 900_000_000


@tale("recall_too_soon")
def a_call_is_repeated_too_soon(story):
    second = story.find("turn_recalled", 1)
    second["at"] = story.find("turn_recalled", 0)["at"]


@tale("wrong_call")
def a_recall_is_counted_twice(story):
    story.find("turn_recalled", 1)["facts"]["nth"] = 4


@tale("wrong_call")
def a_start_belongs_to_another_call(story):
    story.find("turn_started", label="BA-001")["facts"]["call"] = 47


# Days.
@tale("left_over")
def somebody_still_waits_when_a_new_day_has_begun(story):
    story.remove(story.find("turn_expired", label="AB-003"))


@tale("left_over")
def somebody_is_served_past_the_end_of_the_night(story):
    story.remove(story.find("turn_expired", label="BA-001"), story.find("counter_closed", counter=4))


@tale("other_day")
def yesterdays_turn_is_called_today(story):
    expired = story.find("turn_expired", label="BA-004")
    expired |= {"event": "turn_cancelled", "to": "cancelled"}


@tale("expired_early")
def a_turn_expires_before_its_day_is_over(story):
    last, expired = story.find("turn_called", label="BA-001"), story.find("turn_expired", label="BA-004")
    story.insert(last, story.again(expired, at=last["at"], day=last["day"]))


@tale("day_not_opened")
def a_new_day_begins_without_being_opened(story):
    story.remove(story.find("day_opened", 1))


@tale("day_wrong")
def an_entry_belongs_to_no_day_that_is_open(story):
    story.find("turn_missed")["day"] = "2026-11-24"


@tale("day_back")
def the_day_goes_back(story):
    story.find("counter_opened", counter=1, day="2026-11-24")["day"] = "2026-11-23"


@tale("time_back")
def the_time_goes_back(story):
    story.find("turn_finished")["at"] = story.find("ticket_taken", label="AA-002")["at"]


# Papers, settings, words.
@tale("unknown_slip")
def a_paper_that_nobody_wanted_is_printed(story):
    story.find("slip_printed")["facts"]["slip"] = 55


@tale("slip_move")
def a_printed_paper_is_printed_again(story):
    printed = story.find("slip_printed")
    story.insert(printed, story.again(printed))


@tale("beginning")
def the_mall_is_founded_twice(story):
    founded = story.find("mall_founded")
    story.insert(founded, story.again(founded))


@tale("beginning")
def the_founding_is_missing(story):
    founded = story.find("mall_founded")
    founded |= {"event": "day_opened", "facts": {}, "from": None, "to": founded["day"], "zones": {"merah": 0}}


@tale("no_zone")
def a_call_reaches_no_screen(story):
    story.find("turn_called", label="AA-005")["zones"] = {}


@tale("no_actor")
def nobody_did_it(story):
    story.find("turn_cancelled")["actor"] = ""


@tale("unknown_actor")
def an_actor_is_named(story):
    story.find("turn_cancelled")["actor"] = "Budi Santoso"


@tale("unknown_event")
def something_unheard_of_happens(story):
    story.find("slip_failed")["event"] = "slip_eaten"


@tale("unknown_fact")
def a_name_is_written_into_the_log(story):
    story.find("ticket_taken")["facts"]["name"] = "budi"


@tale("personal")
def an_identity_number_hides_in_a_reason(story):
    story.find("counter_closed", counter=3)["reason"] = "3171234567890001"


@tale("personal")
def free_words_hide_in_a_reason(story):
    story.find("counter_closed", counter=3)["reason"] = "Ibu Siti sakit"


@tale("incomplete")
def a_number_is_given_without_a_number(story):
    del story.find("ticket_taken", label="AA-002")["facts"]["number"]


@tale("incomplete")
def a_number_that_is_no_number(story):
    story.find("ticket_taken", label="AA-002")["facts"]["number"] = "2"


# The stored rows.
@forgery("broken_chain")
def an_entry_is_rewritten(rows):
    return _said(rows, 46, label="AA-004")


@forgery("broken_chain")
def an_entry_is_rewritten_and_sealed_but_not_those_after_it(rows):
    rows = _said(rows, 46, reason="lain")
    rows[46] = replace(rows[46], reason="lain", hash=seal(rows[45].hash, rows[46].sealed))
    return rows


@forgery("seq_gap")
def an_entry_is_taken_out(rows):
    return rows[:30] + rows[31:]


@forgery("seq_gap")
def the_log_begins_late(rows):
    return rows[1:]


@forgery("column")
def a_column_says_something_else(rows):
    rows[46] = replace(rows[46], label="AA-004")
    return rows


@forgery("column")
def a_moment_is_moved_in_its_column(rows):
    rows[46] = replace(rows[46], at=rows[46].at + timedelta(microseconds=1))
    return rows


@forgery("unreadable")
def an_entry_is_not_canonical(rows):
    spaced = json.dumps(json.loads(rows[46].sealed)).encode()
    rows[46] = replace(rows[46], sealed=spaced)
    return reseal(rows)


@forgery("unreadable")
def an_entry_is_no_json(rows):
    rows[46] = replace(rows[46], sealed=b"\xff")
    return reseal(rows)


@forgery("zone_prev")
def a_zone_is_threaded_past_an_entry(rows):
    said = json.loads(rows[46].sealed)
    said["zones"]["merah"] -= 1
    rows[46] = replace(rows[46], sealed=canonical(said))
    return reseal(rows)


def _said(rows, place, **said):
    rows[place] = replace(rows[place], sealed=canonical(json.loads(rows[place].sealed) | said))
    return rows
