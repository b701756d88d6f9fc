"""The requests of the page for the audit."""

import os
from pathlib import Path
from queue import Queue
from threading import Lock, Thread

from flask import Blueprint, Flask, Response, abort, jsonify, request, send_file

from ..review.desk import Desk
from ..review.films import ReviewedFilm
from ..serving.guarded import Refused
from ..video.sheets import PARTS, Sheets, columns_of, times_of
from ..video.videos import UnreadableVideo
from .auditor import Auditor, Marks
from .draws import Drawn
from .looks import ANSWERS, key_of

# Sheets that are made ahead: of the next moments of each stratum. A person looks at one for seconds; making it takes longer.
_AHEAD = 5


def add(app: Flask, secret: str, auditor: Auditor, desk: Desk, sheets: Sheets, page: str) -> None:
    """Add the page and its requests. Visits that a person sees in the audit are added to those on the desk.

    page  the HTML
    """
    number_of = {film.film: number for number, film in enumerate(desk.films)}
    for film, spans in auditor.seen():
        desk.see(number_of[film], spans)  # the program may have been killed between the two tables
    waiting: Queue[Drawn] = Queue()
    asked, lock = set(), Lock()
    requests = Blueprint("audit", __name__, url_prefix=f"/{secret}/audit")

    @requests.get("")
    def audit() -> str:
        return page

    @requests.get("/state")
    def state() -> Response:
        return jsonify(_state())

    @requests.get("/sheet/<name>")
    def sheet(name: str) -> Response:
        if name not in PARTS:
            abort(404)
        drawn = _drawn(request.args.get("draw"), request.args.get("film"), request.args.get("begin"))
        try:
            return send_file(_made(drawn, name).absolute(), mimetype="image/jpeg", max_age=3600)
        except (UnreadableVideo, OSError):
            auditor.leave_out(drawn)
            raise

    @requests.post("/answer")
    def answer() -> Response:
        told = request.get_json()
        if not isinstance(told, dict) or told.get("answer") not in ANSWERS:
            abort(400)
        drawn = _drawn(told.get("draw"), told.get("film"), told.get("begin"))
        try:
            marks = Marks(
                *([kind(mark) for mark in told.get(name, [])] for name, kind in zip(Marks._fields, (int, int, float), strict=True))
            )
            before, seen = auditor.answer(drawn, told["answer"], marks)
        except (TypeError, ValueError, OverflowError):
            raise Refused("First click on the pictures that show an animal.") from None
        desk.unsee(number_of[drawn.moment.film], before)
        desk.see(number_of[drawn.moment.film], seen)
        return jsonify(_state())

    @requests.post("/undo")
    def undo() -> Response:
        undone = auditor.undo()
        if undone is None:
            raise Refused("There is nothing of yours to undo.")
        drawn, look = undone
        desk.unsee(number_of[drawn.moment.film], look.seen)
        return jsonify(_state(drawn))

    def _state(first: Drawn | None = None) -> dict:
        """How far the audit is, and the next moments; `first` is a moment to show again."""
        so_far = auditor.state()  # before the next moments are chosen, so that none of those that it calls unreachable is shown
        coming = auditor.upcoming(_AHEAD)
        for drawn in coming:
            with lock:
                is_new = key_of(drawn) not in asked
                asked.add(key_of(drawn))
            if is_new:
                waiting.put(drawn)
        shown_next = [*([first] if first else []), *(drawn for drawn in coming if drawn != first)][:2]
        return so_far | {"next": [_told(drawn) for drawn in shown_next]}

    def _told(drawn: Drawn) -> dict:
        moment, film = drawn.moment, _film(drawn)
        times = times_of(moment, film.stills)
        return {
            "draw": drawn.draw,
            "film": moment.film,
            "begin": moment.begin,
            "end": moment.end,
            "number": number_of[moment.film],
            "path": film.shown,
            "site": film.site,
            "start": film.start,
            "times": times,
            "columns": columns_of(times),
            "stills": film.stills,
            "passages": [[one.track, round(one.begin, 2), round(one.end, 2), one.clip] for one in auditor.passages(moment)],
        }

    def _prepare() -> None:
        """Make sheets ahead. A moment whose film is gone, or cannot be read, is not asked about."""
        while True:
            drawn = waiting.get()
            try:
                _made(drawn, PARTS[0])
            except (UnreadableVideo, OSError):
                auditor.leave_out(drawn)

    def _made(drawn: Drawn, part: str) -> Path:
        film = _film(drawn)
        film.check()
        return sheets.file(film.recording, drawn.moment, part)

    def _film(drawn: Drawn) -> ReviewedFilm:
        return desk.films[number_of[drawn.moment.film]]

    def _drawn(draw: object, film: object, begin: object) -> Drawn:
        try:
            return auditor.drawn(str(draw), str(film), float(str(begin)))
        except (KeyError, ValueError):
            abort(404)

    app.register_blueprint(requests)
    for _ in range(os.cpu_count() or 1):
        Thread(target=_prepare, daemon=True).start()  # ends with the program, which must not wait for sheets
