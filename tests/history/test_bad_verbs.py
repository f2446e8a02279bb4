"""A day with every verb, spoiled in one place; the checker names it at the entry where it shows."""

import pytest

from tests.history.stories import first_broken
from tests.history.tales import Tales

TALES = tale = Tales()
MINUTE = 60_000_000


@pytest.mark.parametrize("name", TALES)
def test_a_false_tale_is_called_by_its_name(full_story, name):
    code, spoil = TALES[name]

    spoil(full_story)

    assert code in first_broken(full_story.rows())


def beside(story, after, entry, **said):
    """The entry once more, right after another and at its moment."""
    story.insert(after, story.again(entry, at=after["at"], **said))


# Journeys.
@tale("journey_stopped")
def the_next_stop_never_enters_its_line(story):
    story.remove(story.find("turn_joined", turn=2))


@tale("journey_stopped")
def a_journey_goes_on_with_another_stop_than_the_next(story):
    story.find("turn_joined", turn=2)["turn"] = 3


@tale("journey_stopped")
def what_was_served_on_paper_ends_the_journey(story):
    story.remove(story.find("turn_joined", turn=13))


@tale("wrong_stop")
def a_stop_enters_its_line_with_another_service(story):
    story.find("turn_joined", turn=2)["facts"]["service"] = "A-02"


@tale("wrong_stop")
def a_stop_enters_its_line_before_an_earlier_one(story):
    planned, called = story.find("turn_planned", turn=3), story.find("turn_called", turn=1)
    missing = story.again(story.find("turn_joined", turn=3), at=planned["at"])
    gone = story.again(called, event="turn_cancelled", to="cancelled", counter=None, facts={})
    story.insert(planned, gone | {"at": planned["at"]}, missing)


@tale("wrong_stop")
def a_stop_is_planned_at_the_place_of_another(story):
    story.find("turn_planned", turn=3)["facts"]["position"] = 2


@tale("wrong_stop")
def a_finish_claims_to_have_planned_the_stop_of_somebody_else(story):
    story.find("turn_finished", turn=1)["facts"]["planned"] = [3, 40]


@tale("turn_twice")
def a_stop_is_planned_twice(story):
    planned = story.find("turn_planned", turn=3)
    story.insert(planned, story.again(planned))


@tale("unknown_ticket")
def a_stop_is_planned_for_nobody(story):
    story.find("turn_planned", turn=3)["ticket"] = 99


@tale("illegal_move")
def a_stop_is_planned_as_waiting(story):
    story.find("turn_planned", turn=3)["to"] = "waiting"


@tale("other_day")
def a_stop_is_planned_for_a_number_of_yesterday(story):
    begin = story.entries.index(story.find("turn_planned", turn=4))
    day = story.again(story.find("day_opened"), at="2026-11-23T17:00:00.000000Z", day="2026-11-24")
    day["to"] = "2026-11-24"
    served = story.find("turn_finished", turn=1)
    story.entries[begin:begin] = [day]
    for each in story.entries[begin + 1 :]:
        each |= {"at": day["at"], "day": day["day"]}
    assert story.entries.index(served) == begin + 2


@tale("ticket_double")
def a_number_stands_in_two_lines(story):
    planned, joined = story.find("turn_planned", turn=3), story.find("turn_joined", turn=3)
    beside(story, planned, joined)


@tale("between_wrong")
def a_pause_between_two_stops_that_was_none(story):
    story.find("turn_joined", turn=2)["facts"]["between"] = 5_000_000


@tale("came_wrong")
def a_next_stop_counts_from_before_it_was_ready(story):
    facts = story.find("turn_joined", turn=2)["facts"]
    facts["came"] -= MINUTE
    facts["order_key"] -= MINUTE


@tale("order_key")
def a_head_start_that_was_not_logged(story):
    del story.find("turn_joined", turn=2)["facts"]["head_start"]


@tale("conservation")
def a_stop_enters_a_line_where_none_was_planned(story):
    joined = story.find("turn_joined", turn=2)
    joined["queue"] = "BA"


# Undo.
@tale("nothing_to_undo")
def a_finish_is_undone_after_the_counter_went_on(story):
    missed, paused = story.find("turn_missed", turn=5), story.find("counter_paused")
    mine = {"counter": 1, "actor": missed["actor"]}
    beside(story, missed, story.find("counter_opened", counter=3, actor="person:2"), **mine)
    opened = story.entries[story.entries.index(missed) + 1]
    opened["from"] = "paused"
    beside(story, missed, paused, **mine)


@tale("nothing_to_undo")
def a_miss_is_undone_at_another_counter(story):
    story.find("turn_undone", turn=5)["counter"] = 2


@tale("undone_late")
def a_miss_is_undone_two_minutes_later(story):
    story.find("turn_undone", turn=5)["at"] = "2026-11-23T02:09:00.000000Z"


@tale("undone_late")
def a_finish_is_undone_when_the_next_stop_was_called(story):
    joined, called = story.find("turn_joined", turn=4), story.find("turn_called", turn=8)
    mine = {key: joined[key] for key in ("ticket", "turn", "label", "queue")}
    beside(story, joined, called, **mine)


@tale("undo_incomplete")
def what_a_finish_planned_is_left_when_it_is_undone(story):
    story.remove(story.find("turn_cancelled", turn=4))


@tale("undo_incomplete")
def the_next_stop_stays_in_its_line_when_the_finish_is_undone(story):
    story.remove(story.find("turn_undone", turn=4), story.find("turn_cancelled", turn=4))


@tale("undone_alone")
def a_stop_leaves_its_line_while_nothing_is_undone(story):
    joined, undone = story.find("turn_joined", turn=2), story.find("turn_undone", turn=4)
    beside(story, joined, undone, turn=2, queue="AA")


@tale("undone_alone")
def a_stop_is_taken_away_as_undone_while_nothing_is(story):
    joined, cancelled = story.find("turn_joined", turn=2), story.find("turn_cancelled", turn=4)
    beside(story, joined, cancelled, turn=3, queue="AB")


# Who is called.
@tale("out_of_order")
def somebody_is_chosen_without_a_reason(story):
    story.find("turn_called", turn=5)["reason"] = None


@tale("not_served_here")
def somebody_is_chosen_whom_the_counter_does_not_serve(story):
    story.find("turn_called", turn=5)["counter"] = 4


@tale("counter_paused")
def a_paused_counter_calls(story):
    returned, paused = story.find("turn_returned", turn=5), story.find("counter_paused")
    beside(story, returned, paused, counter=1, actor="person:1")


@tale("wrong_call")
def a_resumed_call_goes_on_counting(story):
    story.find("turn_resumed")["facts"]["nth"] = 2


@tale("wrong_call")
def a_call_that_was_put_back_still_counts(story):
    joined, put_back = story.find("turn_joined", turn=11), story.find("turn_put_back")
    mine = {key: joined[key] for key in ("ticket", "turn", "label", "queue")}
    corrected = story.find("turn_corrected")
    beside(story, joined, corrected, **mine, counter=None, **{"from": "waiting", "to": "waiting"})
    story.entries[story.entries.index(joined) + 1]["facts"] = {"service": "A-01", "call": put_back["seq"]}


# Missed and back.
@tale("came_wrong")
def who_returns_stands_by_an_earlier_arrival(story):
    facts = story.find("turn_returned", turn=5)["facts"]
    facts["came"] -= MINUTE
    facts["order_key"] -= MINUTE


@tale("order_key")
def who_returns_stands_before_everybody(story):
    story.find("turn_returned", turn=5)["facts"]["order_key"] -= MINUTE


@tale("illegal_move")
def somebody_returns_who_was_not_missed(story):
    returned, joined = story.find("turn_returned", turn=5), story.find("turn_joined", turn=6)
    mine = {key: joined[key] for key in ("ticket", "turn", "label")}
    beside(story, joined, returned, **mine)


# Parked, resumed, transferred.
@tale("wrong_to")
def who_was_parked_before_coming_is_served_without_a_call(story):
    story.remove(story.find("turn_started", turn=7))
    story.find("turn_parked")["from"] = "called"
    resumed, called = story.find("turn_resumed"), story.find("turn_called", turn=7)
    resumed |= {"to": "serving", "facts": {"call": called["seq"]}}


@tale("not_served_here")
def another_agency_goes_on_with_a_parked_visitor(story):
    story.find("turn_resumed")["counter"] = 4


@tale("counter_double")
def a_busy_counter_resumes(story):
    parked, called, stop = (
        story.find("turn_parked"),
        story.find("turn_called", turn=7),
        story.find("turn_planned", turn=3),
    )
    first = {key: stop[key] for key in ("ticket", "turn", "label", "queue")}
    beside(story, parked, called, **first, counter=3, actor="person:2")


@tale("transfer_without_turn")
def a_transfer_leads_nowhere(story):
    story.remove(story.find("turn_joined", turn=9))


@tale("transfer_without_turn")
def a_transfer_leads_to_another_line_than_it_says(story):
    story.find("turn_transferred", turn=8)["facts"]["to_queue"] = "AB"


@tale("turn_unplanned")
def a_turn_comes_from_nowhere(story):
    story.remove(story.find("turn_transferred", turn=8))


@tale("unknown_queue")
def a_transfer_to_a_line_that_is_not_there(story):
    story.find("turn_transferred", turn=8)["facts"]["to_queue"] = "ZZ"


@tale("order_key")
def a_place_at_the_front_behind_somebody(story):
    story.find("turn_joined", turn=9)["facts"]["order_key"] += MINUTE


@tale("came_wrong")
def a_transferred_visitor_came_earlier_than_they_did(story):
    facts = story.find("turn_joined", turn=14)["facts"]
    facts["came"] -= MINUTE
    facts["order_key"] -= MINUTE


@tale("wrong_stop")
def a_transfer_gives_priority(story):
    facts = story.find("turn_joined", turn=9)["facts"]
    facts["priority"] = True
    facts["order_key"] -= 15 * MINUTE


@tale("kept_wrong")
def a_turn_is_kept_for_a_counter_that_does_not_serve_it(story):
    story.find("turn_joined", turn=9)["facts"]["kept_counter"] = 1


@tale("not_holder")
def a_transfer_by_somebody_who_does_not_hold_the_counter(story):
    story.find("turn_transferred", turn=8)["actor"] = "person:2"


@tale("other_counter")
def a_greeter_corrects_as_if_at_a_counter(story):
    story.find("turn_transferred", turn=11)["counter"] = 1


# Served without a number.
@tale("ticket_without_turn")
def somebody_without_a_number_is_sent_into_the_line(story):
    served, joined = story.find("turn_served"), story.find("turn_joined", turn=7)
    served |= {key: joined[key] for key in ("event", "facts", "to", "counter")}


@tale("counter_double")
def somebody_is_served_at_a_counter_with_a_visitor(story):
    story.remove(story.find("turn_finished", turn=6))


@tale("not_served_here")
def somebody_is_served_for_another_line_than_the_counters(story):
    story.find("turn_served")["counter"] = 5


# Out for a while, priority.
@tale("out_twice")
def somebody_goes_out_twice(story):
    came_back, out = story.find("turn_came_back"), story.find("turn_stepped_out")
    beside(story, came_back, out)


@tale("out_until")
def somebody_goes_out_until_before(story):
    out = story.find("turn_stepped_out")
    out["facts"]["until"] = out["at"]


@tale("out_wrong")
def somebody_enters_a_line_as_if_they_were_out(story):
    story.find("turn_joined", turn=2)["facts"]["outs"] = 1


@tale("not_out")
def somebody_comes_back_who_was_here(story):
    came_back = story.find("turn_came_back")
    story.insert(came_back, story.again(came_back))


@tale("no_reason")
def priority_is_given_without_a_reason(story):
    story.find("turn_priority_set")["reason"] = None


@tale("order_key")
def priority_gives_more_than_the_policy(story):
    story.find("turn_priority_set")["facts"]["order_key"] -= MINUTE


# Paper.
@tale("no_reason")
def a_turn_is_over_without_saying_that_it_was_on_paper(story):
    story.find("turn_recorded", to="done")["reason"] = None


@tale("not_served_here")
def a_turn_was_called_on_paper_where_nobody_serves_it(story):
    story.find("turn_recorded", to="done")["counter"] = 4


@tale("unknown_counter")
def a_turn_was_called_on_paper_nowhere(story):
    story.find("turn_recorded", to="done")["counter"] = 44


# Counters.
@tale("counter_move")
def a_pause_begins_at_a_counter_that_was_closed(story):
    story.find("counter_paused")["from"] = "closed"


@tale("counter_closed")
def a_closed_counter_is_paused(story):
    story.remove(story.find("counter_opened", counter=4))
    beside(story, story.find("day_opened"), story.find("counter_paused"), counter=4)
    story.entries[story.entries.index(story.find("day_opened")) + 1]["from"] = "closed"


@tale("paused_while_busy")
def a_counter_pauses_with_a_visitor_at_it(story):
    called, paused = story.find("turn_called", turn=6), story.find("counter_paused")
    beside(story, called, paused, counter=1, actor=called["actor"])


@tale("not_holder")
def somebody_else_pauses_a_counter(story):
    story.find("counter_paused")["actor"] = "person:1"


@tale("not_holder")
def somebody_opens_the_counter_of_another(story):
    story.remove(story.find("counter_handed_over"))


@tale("opened_twice")
def a_pause_ends_twice(story):
    opened = story.find("counter_opened", counter=3, **{"from": "paused"})
    story.insert(opened, story.again(opened, **{"from": "open"}))


@tale("not_holder")
def a_kiosk_opens_a_counter(story):
    story.find("counter_opened", counter=5)["actor"] = "device:1"


@tale("not_holder")
def a_counter_is_handed_over_by_somebody_else(story):
    story.find("counter_handed_over")["actor"] = "person:1"


@tale("not_holder")
def a_counter_is_taken_from_somebody_who_does_not_hold_it(story):
    story.find("counter_taken_over")["facts"]["from_holder"] = "person:2"


@tale("counter_closed")
def a_closed_counter_is_taken_over(story):
    closed, taken_over = story.find("counter_closed"), story.find("counter_taken_over")
    beside(story, closed, taken_over, **{"from": "closed", "to": "closed"})


# Papers, notes, needs.
@tale("slip_move")
def a_printed_paper_is_wanted_again(story):
    story.find("slip_wanted")["facts"]["slip"] = 6


@tale("id_gap")
def a_paper_is_left_out(story):
    story.find("slip_wanted")["facts"]["slip"] = 12


@tale("unknown_ticket")
def a_paper_is_wanted_for_nobody(story):
    story.find("slip_wanted")["ticket"] = 99


@tale("wrong_ticket")
def needs_are_marked_for_a_number_with_another_label(story):
    story.find("needs_marked")["label"] = "AB-001"


@tale("note_seal")
def a_note_has_no_seal(story):
    del story.find("turn_parked")["facts"]["note_seal"]


@tale("note_seal")
def words_hide_in_a_seal(story):
    story.find("turn_parked")["facts"]["note_seal"] = "siti"


@tale("id_gap")
def a_note_is_left_out(story):
    story.find("turn_parked")["facts"]["note"] = 7


@tale("unknown_note")
def a_note_is_erased_that_nobody_wrote(story):
    story.find("note_erased")["facts"]["note"] = 9


@tale("erased_twice")
def a_note_is_erased_twice(story):
    erased = story.find("note_erased")
    story.insert(erased, story.again(erased))


# Notices.
@tale("raised_twice")
def an_emergency_is_raised_where_one_is(story):
    raised = story.find("emergency_raised")
    story.insert(raised, story.again(raised, facts={"notice": 3}))


@tale("id_gap")
def a_notice_is_left_out(story):
    story.find("emergency_raised")["facts"]["notice"] = 5


@tale("not_raised")
def an_emergency_is_lifted_that_nobody_raised(story):
    story.remove(story.find("emergency_raised"))


@tale("not_raised")
def a_disturbance_is_lifted_of_another_agency(story):
    story.find("disturbance_lifted")["agency"] = "B"


@tale("no_place")
def an_emergency_is_everywhere(story):
    story.find("emergency_raised")["zones"] = {"biru": 0, "merah": 0}


# Bookings.
@tale("booking_move")
def a_booking_is_cancelled_twice(story):
    cancelled = story.find("appointment_cancelled")
    story.insert(cancelled, story.again(cancelled))


@tale("booking_move")
def a_booking_begins_as_checked_in(story):
    story.find("appointment_booked")["to"] = "checked_in"


@tale("unknown_booking")
def a_booking_is_cancelled_that_nobody_made(story):
    story.find("appointment_cancelled")["facts"]["appointment"] = 9


@tale("unknown_queue")
def a_booking_for_a_line_that_is_not_there(story):
    story.find("appointment_booked")["queue"] = "ZZ"


@tale("id_gap")
def a_booking_is_left_out(story):
    story.find("appointment_booked", 1)["facts"]["appointment"] = 5


@tale("wrong_ticket")
def a_booking_becomes_the_number_of_somebody_else(story):
    story.find("appointment_checked_in")["ticket"] = 7


@tale("came_wrong")
def a_booking_counts_from_another_day(story):
    facts = story.find("turn_joined", turn=15)["facts"]
    facts["came"] -= 24 * 60 * MINUTE
    facts["order_key"] -= 24 * 60 * MINUTE


# Words and numbers.
@tale("incomplete")
def a_place_that_nobody_knows(story):
    story.find("turn_joined", turn=9)["facts"]["place"] = "window"


@tale("incomplete")
def a_moment_that_is_none(story):
    story.find("turn_stepped_out")["facts"]["until"] = "tomorrow"


@tale("incomplete")
def a_policy_that_nobody_knows(story):
    story.find("queue_set", queue="BA")["facts"]["policy"] = {"kind": "lottery"}


@tale("incomplete")
def a_number_too_large_for_any_table(story):
    story.find("note_erased")["facts"]["note"] = 2**70


@tale("unknown_fact")
def what_a_visitor_needs_is_written_into_the_log(story):
    story.find("needs_marked")["facts"]["needs"] = ["kursi_roda"]
