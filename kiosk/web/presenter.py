"""Turns the catalogue and a ticket into the rows of a screen, in the visitor's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kiosk import phrases
from kiosk.catalogue import Agency, Catalogue, Service, Wait
from kiosk.i18n import DEFAULT
from kiosk.journal import IntentRecord
from kiosk.journey import Stop
from kiosk.states import PrintState
from kiosk.ticket import Problem, Ticket, Turn
from kiosk.web.rows import (
    AgencyRow,
    EmergencyRow,
    MatterRow,
    PriorityRow,
    RefusalRow,
    ServiceCard,
    ServiceSheet,
    StopRow,
    TicketRow,
    TurnRow,
)
from kiosk.web.sentences import Sentences

# How many requirements of a service stand on the page of the journey.
BRIEF = 3

_KIND_ICONS = {
    "opd_daerah": "landmark", "vertikal": "building-2", "bumn": "briefcase", "bumd": "store",
    "lembaga": "users-round", "pengelola": "info",
}  # fmt: skip
_PRIORITY_ICONS = {
    "LANSIA": "user", "DISABILITAS": "accessibility", "HAMIL": "heart-pulse",
    "BALITA": "baby", "BENCANA": "hand-heart",
}  # fmt: skip
# A problem with one of these codes stays when it is asked again.
_FINAL_CODES = ("key_refused", "client_too_old", "left")
_PRINT_WORDS = {
    PrintState.ALLOCATED: "printing",
    PrintState.SENT: "printing",
    PrintState.PRINTED: "printed",
    PrintState.UNKNOWN: "unknown",
}


@dataclass(frozen=True)
class Presenter:
    """Presents one catalogue in one language; `now` is in the mall's time zone."""

    catalogue: Catalogue
    language: str
    now: datetime

    @cached_property
    def sentences(self) -> Sentences:
        return Sentences(self.language, self.now, self.catalogue.mall.timezone_label)

    def agency(self, agency: Agency) -> AgencyRow:
        waiting = self.catalogue.waiting_at(agency.code)
        return AgencyRow(
            code=agency.code,
            name=agency.short_name if len(agency.short_name) > 2 else agency.name,
            full_name=agency.name,
            icon=agency.icon or _KIND_ICONS.get(agency.kind, "building"),
            zone=self.catalogue.zone(agency.zone),
            waiting=waiting,
            line=phrases.in_line(waiting, self.language),
            closed=None if agency.open else self.sentences.closed_short(agency.closed),
            disturbance=self.sentences.disturbance(agency) if agency.open else None,
        )

    def card(self, service: Service) -> ServiceCard:
        queue, agency = self.catalogue.queue(service.queue), self.catalogue.agency(service.agency)
        return ServiceCard(
            code=service.code,
            name=service.name,
            agency=agency.short_name if agency else "",
            closed=None if service.open else self.sentences.closed_short(service.closed),
            line=phrases.in_line(queue.waiting, self.language),
            wait=self.wait(queue.wait),
            fee=phrases.fee(service.standard.fee, self.language),
            disturbance=self.sentences.disturbance(agency) if agency and service.open else None,
        )

    def sheet(self, service: Service) -> ServiceSheet:
        agency = self.catalogue.agency(service.agency)
        return ServiceSheet(
            card=self.card(service),
            agency_name=agency.name if agency else service.agency,
            zone=self.catalogue.zone_of(service),
            requirements=service.requirements,
            time_limit=phrases.time_limit(service.standard.time_limit, self.language),
            desk_minutes=service.desk_minutes,
            note=service.note,
            closed_sentence=None if service.open else self.sentences.closed(service.closed),
        )

    def journey(self, stops: Sequence[Stop]) -> list[StopRow]:
        queues = [stop.queue for stop in stops]
        firsts = [queues.index(queue) for queue in queues]
        return [
            self._stop(stop, first + 1 if first < nth else None)
            for nth, (stop, first) in enumerate(zip(stops, firsts, strict=True))
        ]

    def _stop(self, stop: Stop, same_queue_as: int | None) -> StopRow:
        first = stop.services[0]
        agency = self.catalogue.agency(first.agency)
        return StopRow(
            agency=agency.short_name if agency else "",
            zone=self.catalogue.zone_of(first),
            open=stop.open,
            disturbance=self.sentences.disturbance(agency) if agency else None,
            matters=tuple(self._matter(service) for service in stop.services),
            same_queue_as=same_queue_as,
        )

    def _matter(self, service: Service) -> MatterRow:
        closed = None if service.open else self.sentences.closed(service.closed)
        required = service.requirements
        return MatterRow(self.card(service), closed, required[:BRIEF], len(required[BRIEF:]))

    def ticket(self, record: IntentRecord, ticket: Ticket) -> TicketRow:
        first, *later = ticket.turns
        return TicketRow(
            intent=record.intent.key,
            label=ticket.label,
            qr=ticket.slip.qr,
            here=self._turn(first),
            later=tuple(self._turn(turn) for turn in later),
            waiting=None if first.ahead is None else phrases.people_ahead(first.ahead, self.language),
            wait=self.wait(first.wait) or phrases.nobody_serves(self.language),
            state=record.state,
            print=_print_word(record),
        )

    def _turn(self, turn: Turn) -> TurnRow:
        agency = self.catalogue.agency(turn.agency)
        services = [(code, self.catalogue.service(code)) for code in turn.service_codes]
        return TurnRow(
            agency=agency.short_name if agency else turn.agency,
            zone=self.catalogue.zone(turn.zone),
            services=tuple(service.name if service else code for code, service in services),
        )

    def refusal(self, record: IntentRecord) -> RefusalRow:
        problem = record.problem or Problem(code="left")
        said = problem.detail if self.language == DEFAULT else None
        sentence = said or self.sentences.refusal(problem.code)
        codes = record.intent.services
        services = [service for code in codes if (service := self.catalogue.service(code))]
        only = services[0] if len(codes) == 1 and services else None
        # The server's own sentence may have said already when it opens.
        says_when = said and "buka" in said.lower()
        return RefusalRow(
            code=problem.code,
            sentence=sentence or self.sentences.reason(problem.reason or problem.code, None),
            opening=self._opening(problem) if not says_when else None,
            service=self.card(only) if only else None,
            agency_code=only.agency if only else None,
            is_journey=len(codes) > 1,
            closed=tuple(self.card(service) for service in services if not service.open),
            final=problem.code in _FINAL_CODES,
        )

    def _opening(self, problem: Problem) -> str | None:
        return self.sentences.opening(problem.next_opening) if problem.next_opening else None

    def priorities(self) -> list[PriorityRow]:
        """The groups that go first by law, each with its icon."""
        known = phrases.priority_names(self.language)
        return [
            PriorityRow(row.code, known.get(row.code, row.name), _PRIORITY_ICONS.get(row.code, "users"))
            for row in self.catalogue.priority_groups
        ]

    def emergencies(self) -> tuple[EmergencyRow, ...]:
        return tuple(
            EmergencyRow(self.sentences.zone_and_floor(self.catalogue.zone(row.zone)), row.number)
            for row in self.catalogue.emergency
        )

    def wait(self, wait: Wait | None) -> str | None:
        """An expected wait as a range."""
        return phrases.minutes(round(wait.p50), round(wait.p90), self.language) if wait else None


def _print_word(record: IntentRecord) -> str:
    """The word for the slip on the screen; `mute` is a printer that never answers."""
    if record.print_state == PrintState.UNKNOWN and record.print_reason == "mute":
        return "mute"
    return _PRINT_WORDS.get(record.print_state, "failed") if record.print_state else "failed"
