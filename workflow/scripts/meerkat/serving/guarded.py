"""A page of this computer and its requests, guarded: only with the secret in the address, and nothing is loaded from elsewhere."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, request

from ..errors import UserError

# The longest body of a request.
_LONGEST = 1_000_000
# The page may load nothing from elsewhere.
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


class Refused(ValueError):
    """What a person wants cannot be done; the message says why, and what to do instead."""


def application(page: str, secret: str) -> Flask:
    """The page, below /<secret>/; its requests are added. What a request raises becomes a `problem` for the person: Refused, UserError and
    OSError.

    page  the HTML
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LONGEST

    @app.before_request
    def refuse_strangers() -> None:
        """Refuse requests from pages of other sites: they know neither the secret nor our host name."""
        origin = request.headers.get("Origin")
        if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost"):
            abort(403)
        if origin and origin.partition("://")[2] != request.host:
            abort(403)
        if not secrets.compare_digest(request.path.split("/")[1].encode(), secret.encode()):
            abort(404)

    @app.after_request
    def forbid_others(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.get(f"/{secret}/")
    def show() -> str:
        return page

    @app.errorhandler(OSError)
    def tell(error: OSError) -> tuple[Response, int]:
        if isinstance(error, FileNotFoundError):
            problem = f"{error.filename} is gone. Go on with the arrow keys. If you have moved films, stop this program and start it again."
        else:
            where = f" ({error.filename})" if error.filename else ""
            problem = f"{error.strerror}{where}. Nothing was lost. Fix this and try again."
        return jsonify({"problem": problem}), 507

    @app.errorhandler(RecursionError)
    def refuse(_: RecursionError) -> tuple[Response, int]:
        """JSON that is nested thousands of times."""
        return jsonify({"problem": "This request cannot be read."}), 400

    @app.errorhandler(Refused)
    @app.errorhandler(UserError)
    def say(error: Exception) -> tuple[Response, int]:
        return jsonify({"problem": str(error)}), 409

    return app
