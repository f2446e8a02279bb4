"""A mall of dicts and lists, written again from the rules: what the real one is held against.

It knows nothing of the program. Every verb looks first whether it may, and says no with the code of the
broken rule; only then it changes anything.
"""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
FIRST_ALWAYS = 10**15
OPENS, CLOSES, LAST_SERVICE = 6, 22, 4

# From which states a verb may move a turn, and where to.
LEGAL = {
    "join": {"planned": "waiting"},
    "call": {"waiting": "called"},
    "recall": {"called": "called"},
    "start": {"called": "serving"},
    "finish": {"serving": "done"},
    "miss": {"called": "missed"},
    "return": {"missed": "waiting"},
    "park": {"called": "parked", "serving": "parked"},
    "resume": {"parked": "called or serving"},
    "put_back": {"called": "waiting"},
    "transfer": {"waiting": "transferred", "called": "transferred", "serving": "transferred"},
    "step_out": {"waiting": "waiting"},
    "come_back": {"waiting": "waiting"},
    "record": {"waiting": "done or missed"},
    "undo": {"done": "serving", "missed": "called"},
    "cancel": {"planned": "cancelled", "waiting": "cancelled", "called": "cancelled"},
}
OVER = ("done", "transferred", "cancelled", "expired")
AT_DESK = ("called", "serving")
COUNTED = {"waiting": "wait", "called": "walk", "serving": "service", "missed": "away", "parked": "away"}


class Refused(Exception):
    """What was asked is against the rules; `code` names the rule."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class PlainMall:
    """One mall: `file` is its description, `officers` who works there by name."""

    def __init__(self, file, officers):
        self.rules, self.officers = file["mall"]["rules"], officers
        self.queues, self.services, self.counters = {}, {}, {}
        for agency in file["agencies"]:
            for queue in agency["queues"]:
                self.queues[queue["code"]] = {"quota": None} | queue | {"agency": agency["code"]}
            for service in agency["services"]:
                self.services[service["code"]] = service["queue"]
            for counter in agency["counters"]:
                choice = {"picks": "preference", "prefers_priority": False} | counter
                self.counters[counter["number"]] = choice | {"agency": agency["code"]} | CLOSED
        self.tickets, self.turns, self.numbers, self.used = [], [], {}, {}
        self.day, self.day_ended, self.last, self.count = None, True, None, 0

    # Time, days, and whether a deed is possible at all.
    def attempt(self, clock, verb, *said, **more):
        """Do one deed at this time on the clock; a refused one changes nothing but the day."""
        now = max(clock, self.last or clock)
        self._begin(now)
        answer = getattr(self, verb)(now, *said, **more)
        self.last = now
        return answer

    def _begin(self, now):
        """What yesterday left expires; who is still served may finish until four in the morning."""
        local = now.astimezone(WIB)
        if self.day is None or local.date() > self.day:
            self.day, self.day_ended, self.last = local.date(), False, now
            for turn in self.turns:
                older = turn["day"] < self.day - timedelta(days=1)
                if (
                    turn["day"] < self.day
                    and turn["state"] not in OVER
                    and (turn["state"] != "serving" or older)
                ):
                    self._to(turn, "expired", now)
        if not self.day_ended and local.hour >= LAST_SERVICE:
            self.day_ended = True
            for turn in self.turns:
                if turn["day"] < self.day and turn["state"] == "serving":
                    self._to(turn, "expired", now)
                    self.last = now
            for counter in self.counters.values():
                yesterdays = counter["open"] and counter["opened"].astimezone(WIB).date() < self.day
                if yesterdays and self.visitor(counter) is None:
                    counter.update(CLOSED)
                    self.last = now

    # Visitors.
    def take(self, now, services, priority):
        self._open_hours(now)
        route = self._stops(services)
        queue = route[0][0]
        if self.queues[queue]["quota"] is not None and self._used(queue) >= self.queues[queue]["quota"]:
            raise Refused("quota_reached")
        self.used[queue, self.day] = self._used(queue) + 1
        ticket = self._ticket(now, queue, "", priority)
        turns = [self._plan(ticket, now, *stop, priority == "LANSIA") for stop in route]
        self._join(turns[0], now, "arrival", now)
        return turns[0]

    def cancel(self, now, ticket):
        self._of_today(ticket)
        turns = self._turns_of(ticket)
        coming = [turn for turn in turns if turn["state"] in LEGAL["cancel"]]
        if not coming:
            raise Refused("wrong_moment")
        if len(coming) == len(turns) and ticket["series"] == "":
            self.used[ticket["queue"], ticket["day"]] -= 1
        for turn in coming:
            self._to(turn, "cancelled", now)

    def step_out(self, now, ticket):
        turn = self._present(ticket)
        if turn["state"] == "waiting" and turn["out_until"] and turn["out_until"] > now:
            raise Refused("already_out")
        if turn["state"] == "waiting" and turn["outs"]:
            raise Refused("out_once")
        self._may(turn, "step_out")
        turn["out_until"] = now + timedelta(minutes=self.rules["step_out_minutes"])
        turn["outs"] += 1
        return turn

    def come_back(self, now, ticket):
        turn = self._present(ticket)
        if turn["state"] == "waiting" and (turn["out_until"] is None or turn["out_until"] <= now):
            raise Refused("wrong_moment")
        self._may(turn, "come_back")
        turn["out_until"] = None
        return turn

    # Who sits at a counter.
    def open(self, now, counter, officer, take_over):
        self._own_agency(counter, officer)
        elsewhere = [
            each for each in self.counters.values() if each["holder"] == officer and each is not counter
        ]
        if elsewhere and not self.officers[officer]["several"]:
            raise Refused("holds_another")
        if counter["open"] and counter["holder"] not in (None, officer):
            if not take_over:
                raise Refused("counter_held")
            counter.update(holder=officer, undo=None)
        elif not (counter["open"] and counter["holder"] == officer and not counter["paused"]):
            counter.update(opened=counter["opened"] or now, open=True, holder=officer, paused=False)
        return self.visitor(counter)

    def close(self, now, counter, officer):
        self._holds(counter, officer)
        self._nobody_at(counter)
        counter.update(CLOSED)

    def pause(self, now, counter, officer, until):
        self._holds(counter, officer)
        if until is not None and until <= now:
            raise Refused("invalid")
        self._nobody_at(counter)
        counter.update(paused=True, undo=None)

    def hand_over(self, now, counter, officer):
        self._holds(counter, officer)
        counter.update(holder=None, undo=None)
        return self.visitor(counter)

    # What an officer does for visitors.
    def call_next(self, now, counter, officer):
        self._free(counter, officer)
        turn = self.next_for(now, counter)
        if turn is None:
            raise Refused("nobody_waiting")
        return self._call(turn, now, counter)

    def call_chosen(self, now, counter, officer, turn, reason):
        self._holds(counter, officer)
        if not self.officers[officer]["may_choose"]:
            raise Refused("not_allowed")
        if reason is None:
            raise Refused("reason_needed")
        self._free(counter, officer)
        self._own(turn, counter)
        if turn["queue"] not in counter["queues"]:
            raise Refused("not_served_here")
        self._may(turn, "call")
        return self._call(turn, now, counter)

    def recall(self, now, counter, officer):
        turn = self._visitor(counter, officer)
        soon = turn["state"] == "called" and now - turn["called_at"] < timedelta(seconds=5)
        if turn["nth"] > 1 and soon:
            raise Refused("too_soon")
        self._may(turn, "recall")
        turn.update(nth=turn["nth"] + 1, calls=turn["calls"] + 1, called_at=now)
        return turn

    def start(self, now, counter, officer):
        return self._to(self._may(self._visitor(counter, officer), "start"), "serving", now)

    def miss(self, now, counter, officer):
        turn = self._visitor(counter, officer)
        patience = timedelta(seconds=self.rules["missed_after_seconds"])
        if turn["state"] == "called" and (
            turn["nth"] < self.rules["missed_after_calls"] or now - self.since(turn) < patience
        ):
            raise Refused("too_soon")
        self._may(turn, "miss")
        counter["undo"] = turn
        return self._to(turn, "missed", now)

    def put_back(self, now, counter, officer):
        turn = self._may(self._visitor(counter, officer), "put_back")
        turn.update(counter=None, call=None)
        return self._to(turn, "waiting", now)

    def return_missed(self, now, counter, officer, turn):
        self._holds(counter, officer)
        self._own(turn, counter)
        grace = timedelta(minutes=self.rules["return_within_minutes"])
        if turn["state"] == "missed" and now > self.since(turn) + grace:
            raise Refused("too_late")
        self._may(turn, "return")
        place = self.rules["return_place"]
        turn.update(key=self._key(turn, now, place, turn["came"]), place=place, head_start=0)
        turn.update(counter=None, out_until=None)
        for each in self.counters.values():
            each["undo"] = None if each["undo"] is turn else each["undo"]
        return self._to(turn, "waiting", now)

    def park(self, now, counter, officer):
        turn = self._may(self._visitor(counter, officer), "park")
        turn["parked_from"] = turn["state"]
        return self._to(turn, "parked", now)

    def resume(self, now, counter, officer, turn, call):
        self._free(counter, officer)
        self._own(turn, counter)
        self._has_a_number(turn, call)
        self._may(turn, "resume")
        counter["undo"] = None
        if call or turn["parked_from"] == "called":
            return self._called(turn, now, counter)
        turn["counter"] = counter["number"]
        return self._to(turn, "serving", now)

    def transfer(self, now, counter, officer, queue, position, kept_counter, kept_person):
        turn = self._visitor(counter, officer)
        self._has_a_number(turn)
        if self.queues[queue]["agency"] != counter["agency"]:
            self._open_hours(now)
        if kept_counter is not None and queue not in kept_counter["queues"]:
            raise Refused("not_served_here")
        agency = self.officers[kept_person]["agency"] if kept_person else None
        if agency not in (None, self.queues[queue]["agency"]):
            raise Refused("invalid")
        own = self.officers[officer]["agency"]
        if own and agency not in (None, own):
            raise Refused("invalid")
        self._may(turn, "transfer")
        first = [next(code for code, own in self.services.items() if own == queue)]
        stop = turn["services"] if queue == turn["queue"] else first
        number = kept_counter["number"] if kept_counter else None
        self._move_over(turn, now, stop, position, kept_counter=number, kept_person=kept_person)
        return turn

    def correct(self, now, counter, officer, turn, service):
        if turn is None:
            turn = self._visitor(counter, officer)
        else:
            self._holds(counter, officer)
            self._own(turn, counter)
        if turn["state"] in AT_DESK and turn["counter"] != counter["number"]:
            raise Refused("wrong_moment")
        others = [each for each in turn["services"][1:] if each != service]
        if self.services[service] == turn["queue"]:
            if turn["state"] in OVER:
                raise Refused("wrong_moment")
            turn["services"] = [service, *others]
            return turn
        self._has_a_number(turn)
        self._may(turn, "transfer")
        stays = {name: turn[name] for name in ("out_until", "outs") if turn["state"] == "waiting"}
        place = "ready" if turn["place"] == "ready" else "by_arrival"
        moved = self._move_over(turn, now, [service], place, turn["head_start"])
        moved.update(stays)
        for stop in self._stops(turn["services"][1:]):
            self._plan(self.tickets[turn["ticket"] - 1], now, *stop, turn["priority"])
        return turn

    def finish(self, now, counter, officer, following):
        turn = self._visitor(counter, officer, of_yesterday=True)
        if following and turn["day"] != self.day:
            raise Refused("wrong_moment")
        if following:
            self._has_a_number(turn)
            self._not_twice([each for each in self._turns_of_same(turn) if each is not turn], following)
            self._open_hours(now)
        self._may(turn, "finish")
        ticket = self.tickets[turn["ticket"] - 1]
        turn["planned"] = [
            self._plan(ticket, now, *stop, turn["priority"]) for stop in self._stops(following)
        ]
        counter["undo"] = turn
        self.count += 1
        turn["finished"] = self.count
        self._to(turn, "done", now)
        if turn["day"] == self.day:
            self._go_on(ticket, now, turn["planned"])
        return turn

    def serve(self, now, counter, officer, service):
        self._free(counter, officer)
        if self.services[service] not in counter["queues"]:
            raise Refused("not_served_here")
        counter["undo"] = None
        queue = self.services[service]
        turn = self._plan(self._ticket(now, queue, "0", None), now, queue, [service], False)
        self.count += 1
        turn.update(counter=counter["number"], joined=self.count)
        return self._to(turn, "serving", now)

    def undo(self, now, counter, officer):
        self._holds(counter, officer)
        turn = counter["undo"]
        if turn is None or turn["state"] not in LEGAL["undo"] or turn["counter"] != counter["number"]:
            raise Refused("nothing_to_undo")
        late = now - self.since(turn) > timedelta(seconds=self.rules["undo_seconds"])
        if late or self.visitor(counter) is not None or turn["day"] != self.day:
            raise Refused("nothing_to_undo")
        entered = self._entered_since(turn) if turn["state"] == "done" else []
        if any(not self._untouched(each, turn) for each in entered):
            raise Refused("nothing_to_undo")
        counter["undo"] = None
        turn["spans"].pop()
        self._to(turn, turn["spans"][-1][1], now)
        for each in entered:
            each.update(state="planned", spans=[], joined=None, key=0, place=None, head_start=0)
        for each in turn["planned"]:
            self._to(each, "cancelled", now)
        turn["planned"] = []
        return turn

    # What greeters and supervisors do.
    def set_priority(self, now, ticket, code):
        self._of_today(ticket)
        if ticket["priority"] == code:
            raise Refused("already_there")
        left = [turn for turn in self._turns_of(ticket) if turn["state"] not in OVER]
        if not left:
            raise Refused("wrong_moment")
        ticket["priority"] = code
        for turn in left:
            was, turn["priority"] = turn["priority"], code == "LANSIA"
            if turn["priority"] != was and turn["place"] not in (None, "front", "end"):
                early = timedelta(minutes=turn["head_start"])
                turn["key"] = micros(turn["came"] - early) - self._start(turn)

    def add_stops(self, now, ticket, services):
        self._of_today(ticket)
        turns = self._turns_of(ticket)
        self._has_a_number(turns[0])
        self._not_twice(turns, services)
        if all(turn["state"] == "cancelled" for turn in turns):
            raise Refused("wrong_moment")
        grace = timedelta(minutes=self.rules["return_within_minutes"])
        if any(turn["state"] == "missed" and now > self.since(turn) + grace for turn in turns):
            raise Refused("too_late")
        self._open_hours(now)
        priority = ticket["priority"] == "LANSIA"
        stops = [self._plan(ticket, now, *stop, priority) for stop in self._stops(services)]
        if all(turn["state"] in (*OVER, "planned") for turn in turns):
            self._go_on(ticket, now, stops)

    def record_paper(self, now, label, counter, missed):
        found = [each["id"] for each in self.tickets if (each["label"], each["day"]) == (label, self.day)]
        waiting = [turn for turn in self.turns if turn["ticket"] in found and turn["state"] == "waiting"]
        if not waiting or waiting[0]["queue"] not in counter["queues"]:
            raise Refused("paper_wrong")
        turn = waiting[0]
        turn.update(counter=counter["number"], out_until=None)
        self._to(turn, "missed" if missed else "done", now)
        if not missed:
            self._go_on(self.tickets[turn["ticket"] - 1], now, [])

    # The order of the lines.
    def next_for(self, now, counter):
        """Whom "next" brings to a counter: the head of the line that it prefers."""
        heads = []
        for queue in counter["queues"]:
            free = [turn for turn in self.line(queue) if self._may_call(turn, counter, now)]
            if free:
                heads.append(self.in_order(queue, free)[0])
        return min(heads, key=lambda turn: self._preferred(turn, counter, now), default=None)

    def in_order(self, queue, line):
        """A line as it would be called: under a ratio class by class, else as they stand."""
        policy, calls = self.queues[queue]["policy"], self.calls(queue)
        if policy["kind"] != "ratio":
            return line
        rest, order = list(line), []
        while rest:
            due = class_due(policy, [*calls, *(turn["priority"] for turn in order)])
            order.append(next((turn for turn in rest if turn["priority"] == due), rest[0]))
            rest.remove(order[-1])
        return order

    def line(self, queue):
        """Who waits today, by key, and of equal ones who joined first."""
        waiting = [turn for turn in self.turns if (turn["state"], turn["queue"]) == ("waiting", queue)]
        today = [turn for turn in waiting if turn["day"] == self.day]
        return sorted(today, key=lambda turn: (turn["key"], turn["joined"]))

    def calls(self, queue):
        """The classes of those who were called today, in the order of their newest calls."""
        called = [turn for turn in self.turns if turn["queue"] == queue and turn["call"] is not None]
        today = [turn for turn in called if turn["day"] == self.day]
        return [turn["priority"] for turn in sorted(today, key=lambda turn: turn["call"])]

    def visitor(self, counter):
        """Who is at a counter."""
        at_desk = [turn for turn in self.turns if turn["state"] in AT_DESK]
        return next((turn for turn in at_desk if turn["counter"] == counter["number"]), None)

    def since(self, turn):
        return turn["spans"][-1][0]

    def spent(self, turn):
        """How long a turn waited, walked, was served and was away, in µs: its spans one after another."""
        parts = dict.fromkeys(("wait", "walk", "service", "away"), 0)
        for (start, state), (end, _) in zip(turn["spans"], turn["spans"][1:], strict=False):
            if state in COUNTED:
                parts[COUNTED[state]] += micros(end) - micros(start)
        return parts

    def _may_call(self, turn, counter, now):
        if turn["out_until"] is not None and turn["out_until"] > now:
            return False
        at_line = [each for each in self.counters.values() if turn["queue"] in each["queues"]]
        others = [each for each in at_line if each["holder"] is not None and each is not counter]
        elsewhere = turn["kept_counter"] in [each["number"] for each in others]
        with_another = turn["kept_person"] in {each["holder"] for each in others} - {counter["holder"]}
        return not elsewhere and (turn["kept_person"] is None or not with_another)

    def _preferred(self, turn, counter, now):
        later = not (counter["prefers_priority"] and turn["priority"])
        rank = turn["key"], turn["joined"]
        if counter["picks"] == "longest_wait":
            return later, *rank
        if counter["picks"] == "relative_wait":
            standard = self.queues[turn["queue"]]["minutes"]
            return later, -Fraction(micros(now) - turn["key"], standard), *rank
        return later, counter["queues"].index(turn["queue"]), *rank

    # What the verbs share.
    def _own_agency(self, counter, officer):
        if self.officers[officer]["agency"] not in (None, counter["agency"]):
            raise Refused("unknown_counter")

    def _holds(self, counter, officer):
        self._own_agency(counter, officer)
        if not counter["open"]:
            raise Refused("counter_closed")
        if counter["holder"] != officer:
            raise Refused("wrong_moment" if counter["holder"] is None else "counter_held")

    def _nobody_at(self, counter):
        if self.visitor(counter) is not None:
            raise Refused("counter_busy")

    def _free(self, counter, officer):
        self._holds(counter, officer)
        if counter["paused"]:
            raise Refused("counter_paused")
        self._nobody_at(counter)

    def _visitor(self, counter, officer, of_yesterday=False):
        self._holds(counter, officer)
        turn = self.visitor(counter)
        if turn is None or (turn["day"] != self.day and not of_yesterday):
            raise Refused("wrong_moment")
        return turn

    def _own(self, turn, counter):
        if turn["day"] != self.day or self.queues[turn["queue"]]["agency"] != counter["agency"]:
            raise Refused("not_found")

    def _may(self, turn, verb):
        if turn["state"] not in LEGAL[verb]:
            raise Refused("wrong_moment")
        return turn

    def _of_today(self, ticket):
        if ticket["day"] != self.day:
            raise Refused("unknown_ticket")

    def _open_hours(self, now):
        if not OPENS <= now.astimezone(WIB).hour < CLOSES:
            raise Refused("closed")

    def _used(self, queue):
        return self.used.get((queue, self.day), 0)

    def _present(self, ticket):
        """Where a visitor is on the way: at the first stop that is neither over nor still to come."""
        self._of_today(ticket)
        turns = self._turns_of(ticket)
        return next((turn for turn in turns if turn["state"] not in (*OVER, "planned")), turns[-1])

    @staticmethod
    def _untouched(entered, ended):
        happened = entered["calls"] or entered["outs"] or entered["priority"] != ended["priority"]
        return entered["state"] == "waiting" and not happened

    def _has_a_number(self, turn, goes_on=True):
        if goes_on and self.tickets[turn["ticket"] - 1]["series"] == "0":
            raise Refused("without_number")

    def _not_twice(self, turns, services):
        coming = {service for turn in turns if turn["state"] not in OVER for service in turn["services"]}
        if len(set(services)) < len(services) or coming & set(services):
            raise Refused("invalid")

    def _turns_of_same(self, turn):
        return [each for each in self.turns if each["ticket"] == turn["ticket"]]

    def _turns_of(self, ticket):
        return [turn for turn in self.turns if turn["ticket"] == ticket["id"]]

    def _stops(self, services):
        """Services of one queue after another are one stop."""
        stops = []
        for service in services:
            if stops and stops[-1][0] == self.services[service]:
                stops[-1][1].append(service)
            else:
                stops.append((self.services[service], [service]))
        return stops

    def _ticket(self, now, queue, series, priority):
        number = self.numbers[queue, self.day, series] = self.numbers.get((queue, self.day, series), 0) + 1
        label = f"{queue}{series}-{number:03d}"
        ticket = {"id": len(self.tickets) + 1, "label": label, "series": series, "issued": now}
        self.tickets.append(ticket | {"queue": queue, "day": self.day, "priority": priority})
        return self.tickets[-1]

    def _plan(self, ticket, now, queue, services, priority):
        turn = {
            "id": len(self.turns) + 1, "ticket": ticket["id"], "label": ticket["label"], "day": ticket["day"],
            "queue": queue, "services": services, "priority": priority, "state": "planned", "spans": [],
            "came": now, "key": 0, "joined": None, "kept_counter": None, "kept_person": None,
            "out_until": None, "outs": 0, "counter": None, "calls": 0, "nth": 0, "call": None,
            "called_at": None, "parked_from": None, "planned": [], "finished": None,
            "place": None, "head_start": 0,
        }  # fmt: skip
        self.turns.append(turn)
        return turn

    def _go_on(self, ticket, now, chosen):
        """The next stop enters its line: one that was just chosen, else the first that is planned."""
        planned = [turn for turn in self._turns_of(ticket) if turn["state"] == "planned"]
        for turn in (chosen or planned)[:1]:
            place = self.rules["journey_place"]
            came = ticket["issued"] if place == "by_arrival" else now
            self._join(turn, now, place, came, self.rules["journey_head_start_minutes"] * (place == "ready"))

    def _join(self, turn, now, place, came, head_start=0, kept_counter=None, kept_person=None):
        turn["came"] = came
        turn["key"] = self._key(turn, now, place, came - timedelta(minutes=head_start))
        turn.update(kept_counter=kept_counter, kept_person=kept_person, place=place, head_start=head_start)
        self.count += 1
        turn["joined"] = self.count
        self._to(self._may(turn, "join"), "waiting", now)

    def _move_over(self, turn, now, services, place, head_start=0, **kept):
        self._to(turn, "transferred", now)
        ticket, queue = self.tickets[turn["ticket"] - 1], self.services[services[0]]
        moved = self._plan(ticket, now, queue, list(services), turn["priority"])
        self._join(moved, now, place, turn["came"], head_start, **kept)
        return moved

    def _entered_since(self, turn):
        """The stops of the ticket that entered a line since this turn was finished."""
        others = [each for each in self.turns if each["ticket"] == turn["ticket"] and each["joined"]]
        return [each for each in others if each["joined"] > turn["finished"]]

    def _key(self, turn, now, place, came):
        """When it counts as having come; at the front before all who wait, at the end behind them."""
        own = micros(came) - self._start(turn)
        keys = [each["key"] for each in self.line(turn["queue"])]
        if place == "front":
            return min([own, *(key - 1 for key in keys or [own])])
        if place == "end":
            return max([micros(now), *(key + 1 for key in keys if key <= micros(now))])
        return own

    def _start(self, turn):
        """The head start that priority gives in this line, in µs."""
        policy = self.queues[turn["queue"]]["policy"]
        start = {"head_start": policy.get("minutes", 0) * MINUTE, "strict": FIRST_ALWAYS, "ratio": 0}
        return start[policy["kind"]] if turn["priority"] else 0

    def _call(self, turn, now, counter):
        counter["undo"] = None
        return self._called(turn, now, counter)

    def _called(self, turn, now, counter):
        self.count += 1
        turn.update(counter=counter["number"], nth=1, calls=turn["calls"] + 1, call=self.count)
        turn.update(called_at=now, out_until=None)
        return self._to(turn, "called", now)

    def _to(self, turn, state, now):
        turn["state"] = state
        turn["spans"].append((now, state))
        return turn


CLOSED = {"open": False, "opened": None, "holder": None, "paused": False, "undo": None}


def class_due(policy, calls):
    """Whether priority is due: each cycle has so many places of each kind, first the regular ones.

    A call takes a place of its kind, if one is left; when none is left at all, a new cycle begins.
    """
    cycle = [False] * policy["regular"] + [True] * policy["priority"]
    left = list(cycle)
    for priority in calls:
        if priority in left:
            left.remove(priority)
        left = left or list(cycle)
    return left[0]


def micros(moment):
    """A moment in µs since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)
