"""The requests of the page for reviewing visits."""

from collections.abc import Callable, Sequence

from flask import Flask, Response, abort, jsonify, request

from ..serving import film_requests, guarded
from ..serving.guarded import Refused
from ..video.film_pieces import LENGTH, FilmPieces
from ..visits.reviews import ANSWERS
from .desk import Desk
from .films import ReviewedFilm
from .suggestions import NOTHING, NameHead


def application(desk: Desk, head: NameHead | None, pieces: FilmPieces, page: str, secret: str) -> Flask:
    """The page and its requests.

    head  suggests names; None if there are no embeddings
    page  the HTML
    """
    app = guarded.application(page, secret)

    def shown(number: int) -> ReviewedFilm | None:
        return desk.films[number] if number < len(desk.films) else None

    film_requests.add(app, secret, shown, pieces)

    @app.get(f"/{secret}/visits")
    def visits() -> Response:
        films = [{"path": film.shown, "site": film.site, "start": film.start, "seconds": film.seconds} for film in desk.films]
        found = [visit for number in range(len(desk.films)) for visit in desk.visits(number)]
        return jsonify({"films": films, "visits": found, "names": desk.names(), "pieceLength": LENGTH})

    @app.get(f"/{secret}/suggestions")
    def suggestions() -> Response:
        suggested = head.suggest(desk.subjects()) if head else NOTHING
        return jsonify(suggested._replace(names=desk.kinds() | dict(suggested.names))._asdict())

    @app.get(f"/{secret}/moments")
    def moments() -> Response:
        """The clips of a visit."""
        film, visit = _known(lambda: desk.visit(request.args.get("visit", "")))
        clips = film.clips({passage.track for passage in visit.passages})
        clips = [clip for clip in clips if visit.begin <= clip[0] <= visit.end] or clips
        return jsonify([{"seconds": seconds, "file": file} for seconds, file in clips])

    @app.get(f"/{secret}/passages/<int:film>")
    def passages(film: int) -> Response:
        """All that moved in a film: begin, end, score; and when each still of a burst was taken."""
        of = _film(film)
        moved = [[round(one.begin, 2), round(one.end, 2), round(one.score, 4)] for one in of.passages]
        return jsonify({"moved": moved, "stills": of.stills})

    @app.get(f"/{secret}/clip/<int:film>/<path:file>")
    def clip(film: int, file: str) -> Response:
        of = _film(film)
        if file not in {passage.clip for passage in of.passages} and file not in {name for _, name in of.clips(_all_tracks(of))}:
            abort(404)
        return film_requests.picture(of.clip(file).read_bytes())

    @app.post(f"/{secret}/answer")
    def answer() -> Response:
        asked = _asked()
        keys, said, name, count = _keys(asked), asked.get("answer"), asked.get("name"), asked.get("count")
        if (
            said is name is count is None
            or said not in (*ANSWERS, None)
            or not (name is None or isinstance(name, str))
            or not (count is None or type(count) in (int, float))
        ):
            abort(400)
        if isinstance(count, float):
            raise Refused("A count is a whole number.")
        return jsonify(_known(lambda: desk.answer(keys, said, " ".join(name.split()) if name is not None else None, count)))

    @app.post(f"/{secret}/move")
    def move() -> Response:
        asked = _asked()
        return jsonify(_known(lambda: desk.move(str(asked["visit"]), float(asked["begin"]), float(asked["end"]))))

    @app.post(f"/{secret}/split")
    def split() -> Response:
        asked = _asked()
        return jsonify(_known(lambda: desk.split(str(asked["visit"]), float(asked["at"]))))

    @app.post(f"/{secret}/join")
    def join() -> Response:
        keys = _keys(_asked())
        return jsonify(_known(lambda: desk.join(keys)))

    @app.post(f"/{secret}/add")
    def add() -> Response:
        asked = _asked()
        return jsonify(_known(lambda: desk.add(int(asked["film"]), float(asked["begin"]), float(asked["end"]))))

    @app.post(f"/{secret}/undo")
    def undo() -> Response:
        return jsonify(desk.undo())

    def _film(number: int) -> ReviewedFilm:
        return shown(number) or abort(404)

    return app


def _all_tracks(film: ReviewedFilm) -> set[int]:
    return {passage.track for passage in film.passages}


def _asked() -> dict:
    asked = request.get_json()
    return asked if isinstance(asked, dict) else abort(400)


def _keys(asked: dict) -> Sequence[str]:
    keys = asked.get("visits")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
        abort(400)
    return keys


def _known(what: Callable[[], object]) -> object:
    """The result of a call for visits that the page named. In another tab, a visit may have become another one: then the page must look
    again."""
    try:
        return what()
    except KeyError:
        raise Refused("This visit has changed in another window. The page shows it as it is now.") from None
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        if isinstance(error, Refused):
            raise
        abort(400)
