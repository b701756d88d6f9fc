"""Requests for films that several pages make: what moves, a frame, and a piece that plays."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask, Response, abort, jsonify, request, send_file

from ..data import images
from ..video.film_pieces import LENGTH, FilmPieces
from ..video.shown_film import ShownFilm

# Of a frame: its lines, and the quality of the JPEG.
_LINES, _QUALITY = 720, 88
# No film has more pieces.
_MOST_PIECES = 1_000_000


def add(app: Flask, secret: str, film: Callable[[int], ShownFilm | None], pieces: FilmPieces) -> None:
    """Add the requests.

    film  gives the film that the page knows by this number, None if there is none
    """

    def known(number: int) -> ShownFilm:
        return film(number) or abort(404)

    @app.get(f"/{secret}/boxes/<int:number>")
    def boxes(number: int) -> Response:
        return jsonify(known(number).boxes(seconds("begin"), seconds("end")))

    @app.get(f"/{secret}/frame/<int:number>")
    def frame(number: int) -> Response:
        """The whole frame at a moment, from the film itself."""
        at = seconds("at")
        of = known(number)
        of.check()
        found = next(iter(of.recording.open().between(at, at + LENGTH)), None)
        if found is None:
            abort(404)
        return picture(images.jpeg(found.shrunk(_LINES), _QUALITY))

    @app.get(f"/{secret}/piece/<int:number>/<int:place>")
    def piece(number: int, place: int) -> Response:
        if place > _MOST_PIECES:
            abort(404)
        of = known(number)
        of.check()
        return send_file(pieces.piece(of, place).absolute(), mimetype="video/mp4", conditional=True, max_age=3600)

    @app.get(f"/{secret}/best_frame/<int:number>/<int:track>")
    def best_frame(number: int, track: int) -> Response:
        """The whole frame at the best moment of a track."""
        of = known(number)
        best = of.best(track)
        return picture(of.frame(best)) if best else abort(404)


def picture(data: bytes) -> Response:
    """A JPEG, which does not change as long as the page is open."""
    return send_file(BytesIO(data), mimetype="image/jpeg", max_age=3600)


def seconds(name: str) -> float:
    """A time that the request names."""
    try:
        found = float(request.args.get(name, ""))
    except ValueError:
        abort(400)
    return found if 0 <= found < 1e7 else abort(400)
