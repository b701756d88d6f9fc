"""The requests of the page of cameras."""

from collections.abc import Callable

from flask import Flask, Response, abort, jsonify, request

from ..serving import film_requests, guarded
from ..serving.guarded import Refused
from ..video.videos import UnreadableVideo
from . import pictures
from .season import CELLS, Season

# Columns that are the same for many cameras, by what the page calls them.
_SHARED = {"timezone": ("timezone",), "region": ("roi", "ignore")}


def application(season: Season, setting: str, page: str, secret: str) -> Flask:
    """The page and its requests.

    setting  what the configuration lacks to use the table, empty if nothing
    page     the HTML
    """
    app = guarded.application(page, secret)
    views = pictures.Views()

    @app.get(f"/{secret}/cameras")
    def cameras() -> Response:
        with season.lock:
            season.refresh()
            return _described()

    @app.get(f"/{secret}/films")
    def films() -> Response:
        """The films of a camera and its silences."""
        with season.lock:
            return jsonify(season.film_list(_folder()))

    @app.get(f"/{secret}/views")
    def odd() -> Response:
        """The films of a camera that are dark or turned aside."""
        with season.lock:
            of_camera = season.films.get(tuple(filter(None, _folder().split("/"))), [])
            ignored = [*_camera(_folder())["ignore"]]
        clock = views.clock(of_camera) if not ignored else None
        marks = views.marks(of_camera, [*ignored, *([clock] if clock else [])])
        return jsonify({"clock": clock, "marks": marks, "compared": pictures.MOST_COMPARED})

    @app.get(f"/{secret}/picture/<int:film>")
    def picture(film: int) -> Response:
        """The first picture of a film, or a part of it, enlarged."""
        path = season.path_of[film] if film < len(season.path_of) else abort(404)
        if "part" not in request.args:
            return film_requests.picture(pictures.whole(path))
        return film_requests.picture(pictures.part(path, *_rectangle(request.args["part"].split(","))))

    @app.post(f"/{secret}/change")
    def change() -> Response:
        def do(asked: dict) -> None:
            cells = {name: _text(asked["cells"][name]) for name in asked["cells"]}
            if not cells or not set(cells) <= set(CELLS):
                abort(400)
            season.change(int(asked["line"]), cells)

        return _done(do)

    @app.post(f"/{secret}/correct")
    def correct() -> Response:
        return _done(lambda asked: season.correct(int(asked["line"]), [(int(film), _text(text)) for film, text in asked["seen"]]))

    @app.post(f"/{secret}/draw")
    def draw() -> Response:
        return _done(
            lambda asked: season.draw(str(asked["folder"]), list(map(_rectangle, asked["roi"]))[:1], list(map(_rectangle, asked["ignore"])))
        )

    @app.post(f"/{secret}/end")
    def end() -> Response:
        return _done(lambda asked: season.end(int(asked["line"]), _number(asked["before"]), _number(asked["after"])))

    @app.post(f"/{secret}/share")
    def share() -> Response:
        return _done(lambda asked: season.share(str(asked["folder"]), _SHARED[asked["what"]]))

    @app.post(f"/{secret}/undo")
    def undo() -> Response:
        return _done(lambda _: season.undo())

    @app.errorhandler(UnreadableVideo)
    def unreadable(error: UnreadableVideo) -> tuple[Response, int]:
        return jsonify({"problem": f"This film cannot be shown: {error}."}), 404

    def _done(do: Callable[[dict], object]) -> Response:
        """What the page shows after a change."""
        asked = request.get_json()
        with season.lock:
            if season.refresh():
                raise Refused("Another program has changed the table. The page shows it as it is now; say it again.")
            try:
                do(asked)
            except Refused:
                raise
            except (KeyError, TypeError, ValueError, IndexError, OverflowError, StopIteration):
                abort(400)
            return _described()

    def _described() -> Response:
        return jsonify(season.described() | {"setting": setting})

    def _camera(folder: str) -> dict:
        return next((one for one in season.described()["cameras"] if one["folder"] == folder), None) or abort(404)

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
    return [left, top, max(0.005, min(width, 1 - left)), max(0.005, min(height, 1 - top))]
