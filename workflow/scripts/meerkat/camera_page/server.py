"""The requests of the page of cameras."""

import math
from collections.abc import Callable
from threading import RLock

from flask import Flask, Response, abort, jsonify, request

from ..serving import film_requests, guarded
from ..serving.guarded import Refused
from ..video import regions
from . import pictures
from .corrections import Corrections
from .season import CELLS, Season, parts_of

# Rectangles have sides of at least this share of the frame.
_LEAST = 0.005


def application(season: Season, corrections: Corrections, setting: str, page: str, secret: str) -> Flask:
    """The page and its requests.

    setting  what the configuration lacks to use the table, empty if nothing
    page     the HTML
    """
    app = guarded.application(page, secret)
    # The page makes requests at the same time; a change must not fall between two looks at the table.
    lock = RLock()

    @app.get(f"/{secret}/cameras")
    def cameras() -> Response:
        with lock:
            corrections.refresh()
            return _described()

    @app.get(f"/{secret}/films")
    def films() -> Response:
        """The films of a camera and its silences."""
        with lock:
            return jsonify(season.film_list(_folder()))

    @app.get(f"/{secret}/views")
    def odd() -> Response:
        """The films of a camera that are dark or turned aside."""
        with lock:
            folder = parts_of(_folder())
            of_camera, rows = season.films.get(folder, []), season.cameras.get(folder) or abort(404)
        ignored = [rectangle for row in rows for rectangle in regions.rectangles(row.region, "ignore")]
        clock = pictures.clock(of_camera)
        marks = pictures.marks(of_camera, [*ignored, *([clock] if clock else [])])
        return jsonify({"clock": clock, "marks": marks, "compared": pictures.MOST_COMPARED})

    @app.get(f"/{secret}/picture/<int:film>")
    def picture(film: int) -> Response:
        """The first picture of a film, or a part of it, enlarged."""
        path = season.path_of[film] if film < len(season.path_of) else abort(404)
        if "part" not in request.args:
            return film_requests.picture(pictures.whole(path))
        try:
            part = _rectangle(request.args["part"].split(","))
        except ValueError:
            abort(400)
        return film_requests.picture(pictures.part(path, *part))

    @app.post(f"/{secret}/change")
    def change() -> Response:
        def do(asked: dict) -> None:
            cells, was = ({name: _text(text) for name, text in asked[which].items()} for which in ("cells", "was"))
            if not cells or not set(cells) <= set(CELLS):
                abort(400)
            corrections.change(int(asked["line"]), cells, was)

        return _done(do)

    @app.post(f"/{secret}/correct")
    def correct() -> Response:
        return _done(lambda asked: corrections.correct(int(asked["line"]), [(int(film), _text(text)) for film, text in asked["seen"]]))

    @app.post(f"/{secret}/begin")
    def begin() -> Response:
        return _done(lambda asked: corrections.begin(int(asked["film"]), _text(asked["time"])))

    @app.post(f"/{secret}/reset")
    def reset() -> Response:
        return _done(lambda asked: corrections.reset(int(asked["line"]), int(asked["film"]), _text(asked["time"])))

    @app.post(f"/{secret}/draw")
    def draw() -> Response:
        return _done(
            lambda asked: corrections.draw(
                int(asked["line"]), list(map(_rectangle, asked["roi"]))[:1], list(map(_rectangle, asked["ignore"]))
            )
        )

    @app.post(f"/{secret}/end")
    def end() -> Response:
        return _done(lambda asked: corrections.end(int(asked["line"]), _number(asked["before"]), _number(asked["after"])))

    @app.post(f"/{secret}/share")
    def share() -> Response:
        """Write a time zone into all rows without one."""
        return _done(lambda asked: corrections.share(int(asked["line"]), ["timezone"]))

    @app.post(f"/{secret}/undo")
    def undo() -> Response:
        return _done(lambda _: corrections.undo())

    def _done(do: Callable[[dict], object]) -> Response:
        """What the page shows after a change."""
        with lock:
            if corrections.refresh():
                raise Refused("Another program has changed the table. The page shows it as it is now. Make your change again.")
            try:
                do(request.get_json())
            except Refused:
                raise
            except (KeyError, TypeError, ValueError, IndexError, OverflowError, StopIteration, AttributeError, RecursionError):
                abort(400)
            return _described()

    def _described() -> Response:
        return jsonify(season.described() | {"setting": setting})

    return app


def _folder() -> str:
    return request.args.get("folder", "")


def _text(text: object) -> str:
    """A cell of the table, in one line."""
    if not isinstance(text, str):
        raise TypeError("no text")
    return " ".join(text.split())


def _number(value: object) -> int | None:
    return None if value is None else int(value)


def _rectangle(values: object) -> list[float]:
    """Left, top, width and height within the frame."""
    left, top, width, height = (min(1.0, max(0.0, float(value))) for value in values)
    if math.isnan(left + top + width + height):
        raise ValueError("no numbers")
    left, top = min(left, 1 - _LEAST), min(top, 1 - _LEAST)
    return [left, top, max(_LEAST, min(width, 1 - left)), max(_LEAST, min(height, 1 - top))]
