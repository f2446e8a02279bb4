"""Rows ready to show: what each screen says about agencies and services, in the visitor's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from kiosk import words
from kiosk.catalogue import Catalogue

Row = dict[str, Any]
BRIEF = 3

_ICONS = {
    "opd_daerah": "landmark", "vertikal": "building-2", "bumn": "briefcase", "bumd": "store",
    "lembaga": "users-round", "pengelola": "info",
}  # fmt: skip
_PRIORITY_ICONS = {
    "LANSIA": "user", "DISABILITAS": "accessibility", "HAMIL": "heart-pulse",
    "BALITA": "baby", "BENCANA": "hand-heart",
}  # fmt: skip


@dataclass(frozen=True)
class Speaker:
    """Says things about one catalogue in one language at one moment."""

    catalogue: Catalogue
    language: str
    now: datetime

    def tile(self, agency: Row) -> Row:
        """An agency on the first screen."""
        waiting = self.catalogue.waiting_at(agency["code"])
        return {
            "code": agency["code"],
            "name": agency["short_name"] if len(agency["short_name"]) > 2 else agency["name"],
            "full_name": agency["name"],
            "icon": agency.get("icon") or _ICONS.get(agency.get("kind", ""), "building"),
            "zone": self.catalogue.zone(agency["zone"]),
            "waiting": waiting,
            "line": words.line(waiting, self.language),
            "open": agency["open"],
            "closed": None if agency["open"] else self.closed_short(agency),
            "disturbance": self.disturbance(agency) if agency["open"] else None,
        }

    def card(self, service: Row) -> Row:
        """A service in a list."""
        queue = self.catalogue.queue(service["queue"])
        standard = service.get("standard") or {}
        agency = self.catalogue.agency(service["agency"]) or {"short_name": ""}
        return {
            "code": service["code"],
            "name": service["name"],
            "agency": agency["short_name"],
            "open": service["open"],
            "closed": None if service["open"] else self.closed_short(service),
            "line": words.line(queue["waiting"], self.language),
            "wait": self.wait(queue.get("wait")),
            "fee": words.fee(standard.get("fee"), self.language),
            "disturbance": self.disturbance(agency) if service["open"] else None,
        }

    def stop(self, services: list[Row]) -> Row:
        """One stop of a route that is being chosen."""
        queue = self.catalogue.queue(services[0]["queue"])
        agency = self.catalogue.agency(services[0]["agency"]) or {"short_name": "", "zone": ""}
        return {
            "agency": agency["short_name"],
            "zone": self.catalogue.zone(queue.get("zone") or agency["zone"]),
            "line": words.line(queue["waiting"], self.language),
            "wait": self.wait(queue.get("wait")),
            "open": all(service["open"] for service in services),
            "disturbance": self.disturbance(agency),
            "matters": [self._matter(service) for service in services],
        }

    def _matter(self, service: Row) -> Row:
        sheet = self.sheet(service)
        bring = sheet["bring"] or []
        return {**sheet, "bring": bring[:BRIEF], "more": len(bring[BRIEF:])}

    def turn(self, turn: Row) -> Row:
        """One stop of a number that was given: where it is, and what is done there."""
        agency = self.catalogue.agency(turn["agency"]) or {}
        codes = turn.get("matters") or [turn["service"]]
        known = [self.catalogue.service(code) or {} for code in codes]
        names = [row.get("name", code) for row, code in zip(known, codes, strict=True)]
        return {
            "agency": agency.get("short_name", turn["agency"]),
            "zone": self.catalogue.zone(turn["zone"]),
            "services": names,
        }

    def sheet(self, service: Row) -> Row:
        """Everything a visitor is told about a service before taking a number."""
        agency = self.catalogue.agency(service["agency"]) or {"name": service["agency"], "zone": ""}
        standard = service.get("standard") or {}
        return {
            **self.card(service),
            "agency_code": service["agency"],
            "agency_name": agency["name"],
            "zone": self.catalogue.zone(self.catalogue.queue(service["queue"]).get("zone") or agency["zone"]),
            "bring": (standard.get("requirements") or {}).get("items"),
            "time": words.limit(standard.get("time_limit"), self.language),
            "desk_minutes": service.get("desk_minutes"),
            "note": service.get("note"),
            "languages": service.get("languages") or [],
            "closed_sentence": None if service["open"] else self.closed(service),
        }

    def priorities(self) -> list[Row]:
        """The classes of priority, each with its picture."""
        known = words.priority_names(self.language)
        return [
            {
                **row,
                "name": known.get(row["code"], row["name"]),
                "icon": _PRIORITY_ICONS.get(row["code"], "users"),
            }
            for row in self.catalogue.priorities
        ]

    def disturbance(self, agency: Row) -> Row | None:
        """What is wrong at an agency, with since when and until when; an end that has passed is not said."""
        _ = words.words(self.language).gettext
        if not (trouble := agency.get("disturbance")):
            return None
        until = self.moment(trouble.get("until"))
        late = until is not None and until <= self.now
        what = {"agency": agency["short_name"], "until": until and self._when(until)}
        if self.language == "id" and trouble.get("text") and not late:
            sentence = str(trouble["text"])
        elif until is None or late:
            sentence = _("Sistem %(agency)s sedang gangguan.") % what
        else:
            sentence = _("Sistem %(agency)s sedang gangguan, diperkirakan sampai %(until)s.") % what
        since = datetime.fromisoformat(trouble["since"]).astimezone(self.now.tzinfo)
        return {"sentence": sentence, "since": _("Gangguan sejak %(since)s.") % {"since": self._when(since)}}

    def emergencies(self) -> list[Row]:
        """The zones where people need help now, each with whom to call."""
        return [
            {"place": self._place(self.catalogue.zone(row["zone"])), "number": row["number"]}
            for row in self.catalogue.emergency
        ]

    def _place(self, zone: Row) -> str:
        if zone.get("floor") is None:
            return str(zone["name"])
        floor = words.words(self.language).gettext("lantai %(floor)s") % zone
        return f"{zone['name']}, {floor}"

    def _when(self, moment: datetime) -> str:
        """The time, with its day unless it is today."""
        time = words.clock(moment, self.catalogue.mall.get("timezone_label", ""))
        if moment.date() == self.now.date():
            return time
        return f"{words.date(moment, self.language)}, {time}"

    def wait(self, wait: Row | None) -> str | None:
        """An expected wait as a range."""
        if not wait:
            return None
        return words.minutes(round(wait["p50"]), round(wait["p90"]), self.language)

    def waiting(self, ahead: int) -> str:
        return words.waiting(ahead, self.language)

    def closed(self, row: Row) -> str:
        """Why something is closed and when it opens: the server's sentence, or ours in English."""
        closed = row.get("closed") or {}
        if self.language == "id" and closed.get("text"):
            return str(closed["text"])
        return self.reason(closed.get("reason", ""), closed.get("next_opening"))

    def closed_short(self, row: Row) -> str:
        """The same in the few words that a tile holds."""
        _ = words.words(self.language).gettext
        closed = row.get("closed") or {}
        if closed.get("reason") == "quota_reached":
            return _("Kuota hari ini habis")
        if not (moment := self.moment(closed.get("next_opening"))):
            return _("Tutup")
        return _("Tutup, buka %(when)s") % {"when": words.short_opening(moment, self.now, self.language)}

    def reason(self, code: str, next_opening: str | None) -> str:
        """Why no number is given, in words of our own."""
        _ = words.words(self.language).gettext
        sentences = {
            "before_opening": _("Belum buka."),
            "after_cutoff": _("Pengambilan nomor hari ini sudah ditutup."),
            "day_ended": _("Pelayanan hari ini sudah selesai."),
            "closed_today": _("Tidak melayani hari ini."),
            "holiday": _("Tutup karena hari libur."),
            "break": _("Sedang istirahat."),
            "quota_reached": _("Kuota hari ini habis."),
            "inactive": _("Layanan ini sedang tidak aktif."),
        }
        sentence = sentences.get(code, _("Sedang tutup."))
        moment = self.moment(next_opening)
        return f"{sentence} {self.opening(moment)}" if moment else sentence

    def opening(self, moment: datetime) -> str:
        _ = words.words(self.language).gettext
        zone = self.catalogue.mall.get("timezone_label", "")
        return _("Buka lagi %(when)s.") % {"when": words.opening(moment, self.now, zone, self.language)}

    def moment(self, text: str | None) -> datetime | None:
        """A time of the server in the mall's zone."""
        return datetime.fromisoformat(text).astimezone(self.now.tzinfo) if text else None


def label_on_screen(label: str) -> Markup:
    """A label with a little air around its dash."""
    return Markup('<span class="dash">-</span>').join(escape(part) for part in label.split("-"))


def breakable(text: str) -> str:
    """Long words joined by a stroke may break behind it."""
    return text.replace("/", "/\N{ZERO WIDTH SPACE}")
