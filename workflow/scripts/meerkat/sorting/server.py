"""The page for sorting and what it asks the program: on this computer only, and only with the secret in the address."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, request, send_file

from ..data.clips import SPLITS
from .folders import Folders
from .session import Session

# Cards that the page asks for at once.
_MOST = 60
# Digits of a card's number.
_DIGITS = 10


def application(session: Session, folders: Folders, page: str, secret: str) -> Flask:
    """The pages, below /<secret>/.

    folders  where the clips are; page  the HTML
    """
    app = Flask(__name__)

    @app.before_request
    def refuse_strangers() -> None:
        """A page of another site can send requests here: it knows neither the secret nor our name."""
        origin = request.headers.get("Origin")
        if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost"):
            abort(403)
        if origin and origin.partition("://")[2] != request.host:
            abort(403)
        if not secrets.compare_digest(request.path.split("/")[1].encode(), secret.encode()):
            abort(404)

    @app.after_request
    def forbid_others(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.get(f"/{secret}/")
    def show() -> str:
        return page

    @app.get(f"/{secret}/cards")
    def cards() -> Response:
        split, number = request.args.get("split", ""), request.args.get("number", 0, int)
        if split not in SPLITS or not 0 < number <= _MOST:
            abort(400)
        held = {int(word) for word in request.args.get("held", "").split(",") if word.isdecimal() and len(word) < _DIGITS}
        return jsonify([_card(session, card) for card in session.next(split, number, held)])

    @app.get(f"/{secret}/clip/<int:card>/<int:number>")
    def clip(card: int, number: int) -> Response:
        if card >= len(session.cards) or number >= len(session.cards[card].files):
            abort(404)
        path = folders.clip(session.cards[card], number).absolute()
        if not path.is_file():
            abort(404)
        return send_file(path, mimetype="image/jpeg", max_age=3600)

    @app.post(f"/{secret}/decide")
    def decide() -> tuple[Response, int] | Response:
        asked = request.get_json()
        try:
            session.decide(int(asked["card"]), str(asked["decision"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            abort(400)
        except OSError as error:
            return jsonify({"problem": f"{error.strerror} ({error.filename}). Nothing was lost; mend this and decide again."}), 507
        return jsonify(session.progress())

    @app.post(f"/{secret}/undo")
    def undo() -> tuple[Response, int] | Response:
        try:
            card = session.undo()
        except OSError as error:
            return jsonify({"problem": f"{error.strerror} ({error.filename}). Nothing was lost; mend this and try again."}), 507
        return jsonify({"card": None if card is None else _card(session, card), "progress": session.progress()})

    @app.get(f"/{secret}/progress")
    def progress() -> Response:
        return jsonify(session.progress())

    return app


def _card(session: Session, number: int) -> dict:
    card = session.cards[number]
    return {"card": number, "video": card.video, "site": card.site, "clips": len(card.files), "split": session.split(number)}
