"""The pages of a number: taken, waited for, refused or given, with what the printer says."""

from io import BytesIO

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from kiosk import doors, journal, paper, qr, stops, words
from kiosk.journal import Entry
from kiosk.pages import kiosk, speaker

bp = Blueprint("numbers", __name__)
QUICK_S = 0.8


@bp.post("/nomor")
def take() -> AnyResponse:
    """Takes a number for the intent of the screen; however often it is tapped, it is one number."""
    doors.expect_token(kiosk().secret)
    intent = request.form.get("intent") or abort(400)
    say = speaker()
    services = [say.catalogue.service(code) or abort(404) for code in request.form.getlist("service")]
    if not 0 < len(services) <= stops.MOST:
        abort(400)
    if len(services) > 1 and not all(service["open"] for service in services):
        return redirect(url_for("route.show"), 303)
    wish = request.form.get("priority", "")
    known = {row["code"] for row in say.catalogue.priorities}
    codes = [service["code"] for service in services]
    kiosk().asker.ask(intent, codes, wish if wish in known else None, g.language, QUICK_S)
    return redirect(url_for(".number", intent=intent), 303)


@bp.get("/nomor/<intent>")
def number(intent: str) -> str:
    """Where this intent stands."""
    entry = _entry(intent)
    if entry.state == journal.ASKING:
        kiosk().asker.watch(intent)
        return render_template("asking.html", entry=entry, shown=_shown(entry))
    if entry.answer is not None:
        _forget_choices()
        return render_template("result.html", **_result(entry))
    return render_template("refused.html", **_refusal(entry))


@bp.get("/nomor/<intent>/keadaan")
def state(intent: str) -> Response:
    """The living part: tells the screen to look again when it stands on something older."""
    entry = _entry(intent)
    if entry.state == journal.ASKING:
        kiosk().asker.watch(intent)
    shown = _shown(entry)
    response = make_response(render_template("_paper.html", **_result(entry)) if entry.answer else "")
    if request.args.get("shown") != shown:
        response.headers["Kiosk-Look-Again"] = shown
    return response


@bp.post("/nomor/<intent>/cetak")
def reprint(intent: str) -> AnyResponse:
    """Another try on paper, marked as a copy when the first may exist."""
    doors.expect_token(kiosk().secret)
    if kiosk().journal.reprint(_entry(intent).intent):
        kiosk().worker.wake()
    return redirect(url_for(".number", intent=intent), 303)


@bp.get("/nomor/<intent>/qr.svg")
def code(intent: str) -> Response:
    """The way from this screen to the visitor's phone."""
    answer = _entry(intent).answer
    if not answer or not answer["slip"].get("qr"):
        abort(404)
    return Response(qr.svg(answer["url"]), mimetype="image/svg+xml")


def _entry(intent: str) -> Entry:
    return kiosk().journal.entry(intent) or abort(404)


def _forget_choices() -> None:
    """What was chosen is this number now: whichever way this screen is left, the next visitor begins anew."""
    for choice in ("route", "priority"):
        session.pop(choice, None)


def _shown(entry: Entry) -> str:
    """One word for the screen that this entry deserves."""
    if entry.state != journal.ASKING:
        return entry.state
    return "away" if kiosk().asker.away(entry.intent) else "asking"


def _result(entry: Entry) -> dict[str, object]:
    answer = entry.answer or {}
    say = speaker()
    turn, *later = answer["turns"]
    return {
        "entry": entry,
        "answer": answer,
        "shown": entry.state,
        "here": say.turn(turn),
        "later": [say.turn(one) for one in later],
        "waiting": say.waiting(turn["ahead"]) if turn.get("ahead") is not None else None,
        "wait": say.wait(turn.get("wait")),
        "print": _print_state(entry),
    }


def _print_state(entry: Entry) -> str:
    if entry.print_state in (journal.ALLOCATED, journal.SENT):
        return "printing"
    if entry.print_state == journal.PRINTED:
        return "printed"
    if entry.print_state == journal.UNKNOWN:
        return "mute" if entry.print_reason == "mute" else "unknown"
    return "failed"


def _refusal(entry: Entry) -> dict[str, object]:
    say = speaker()
    problem = entry.problem or {"code": "left"}
    moment = say.moment(problem.get("next_opening"))
    sentence = problem.get("detail") if g.language == "id" else None
    reason = problem.get("reason") or problem["code"]
    services = [row for code in entry.services if (row := say.catalogue.service(code))]
    return {
        "code": problem["code"],
        "sentence": sentence or _sentence(problem["code"]) or say.reason(reason, None),
        "opening": say.opening(moment) if moment and not _says_when(sentence) else None,
        "service": services[0] if len(entry.services) == 1 and services else None,
        "route": len(entry.services) > 1,
        "closed": [say.card(row) for row in services if not row["open"]],
        "dead": problem["code"] in ("key_refused", "client_too_old", "left"),
    }


def _says_when(sentence: str | None) -> bool:
    return bool(sentence and "buka" in sentence.lower())


def _sentence(code: str) -> str | None:
    _ = words.words(g.language).gettext
    return {
        "key_refused": _("Anjungan ini sedang tidak bisa memberi nomor."),
        "client_too_old": _("Anjungan ini sedang diperbarui."),
        "left": _("Permintaan ini sudah ditutup. Silakan mulai lagi."),
        "closed": _("Layanan ini sedang tutup."),
        "too_many_requests": _("Terlalu banyak permintaan. Mohon tunggu sebentar."),
    }.get(code)


@bp.get("/struk")
def slips() -> str:
    """The last papers of the virtual printer."""
    printer = kiosk().virtual or abort(404)
    return render_template("slips.html", slips=printer.slips()[:6])


@bp.get("/struk/<name>.png")
def slip_picture(name: str) -> Response:
    """One of them as a picture."""
    printer = kiosk().virtual or abort(404)
    try:
        data = printer.slip(name)
    except KeyError:
        abort(404)
    return send_file(BytesIO(paper.picture(data, printer.columns)), mimetype="image/png")
