"""The requests of the page for sorting."""

from collections.abc import Mapping

from flask import Flask, Response, abort, jsonify, request

from ..advice.next_step import SORT
from ..data import images
from ..data.labels import LABELS, NEGATIVE, POSITIVE
from ..serving import film_requests, guarded
from ..video.film_pieces import FilmPieces
from .advice import Adviser
from .answers import Answers
from .folders import Folders
from .questions import Question, Questions
from .surroundings import Surroundings
from .tasks import LOOK, SORTING, TASKS, on_page

# The most questions that the page may request at once.
_MOST = 60
# Animal is suggested from this score up, and background from one minus this score down.
_SURE = 0.75


def application(
    answers: Answers,
    folders: Folders,
    questions: Questions,
    adviser: Adviser,
    surroundings: Surroundings,
    pieces: FilmPieces,
    films: Mapping[str, str],
    page: str,
    secret: str,
) -> Flask:
    """The page and its requests, below /<secret>/.

    films  the name that people use for a video, if it is not its name in results
    page   the HTML
    """
    app = guarded.application(page, secret)
    film_requests.add(app, secret, surroundings.film, pieces)

    @app.get(f"/{secret}/passage/<int:card>")
    def passage(card: int) -> Response:
        return jsonify(surroundings.described(card) or abort(404))

    @app.post(f"/{secret}/questions")
    def ask() -> Response:
        asked = request.get_json()
        try:
            task, number, held = asked["task"], int(asked["number"]), {int(card) for card in asked["held"]}
        except (KeyError, TypeError, ValueError, OverflowError):
            abort(400)
        if task not in TASKS or not 0 < number <= _MOST:
            abort(400)
        return jsonify([described(task, question) for question in questions.next(task, number, held)])

    @app.get(f"/{secret}/clip/<int:clip>")
    def picture(clip: int) -> Response:
        if answers.card_of(clip) is None:
            abort(404)
        try:
            data = images.read_jpeg(folders.file(answers.clips[clip]).read_bytes())  # upright, and in a format that browsers show
        except (OSError, images.UnreadableImage):
            abort(404)
        return Response(data, mimetype="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    @app.post(f"/{secret}/decide")
    def decide() -> Response:
        asked = request.get_json()
        try:
            task, groups = asked["task"], asked["questions"]
            if task not in TASKS or not all(groups) or not all(type(clip) is int for clips in groups for clip in clips):
                abort(400)
            answers.decide([(questions.task_of(task, clips), clips) for clips in groups], str(asked["decision"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            abort(400)
        return progress()

    @app.post(f"/{secret}/undo")
    def undo() -> Response:
        last = answers.undo()
        undone = [(on_page(task), clips) for task, clips in last.questions] if last else []
        again = [described(task, questions.again(task, clips)) for task, clips in undone]
        return jsonify({"questions": again, "task": undone[0][0] if undone else None})

    @app.get(f"/{secret}/progress")
    def progress() -> Response:
        counts = answers.counts()
        return jsonify({task: counts[split] for task, split in SORTING.items()})

    @app.get(f"/{secret}/advice")
    def advice() -> Response:
        task = request.args.get("task", "")
        if task not in TASKS:
            abort(400)
        found = adviser.on(task)
        curve = [{"answers": number, "kappa": last.kappa, "low": last.low, "high": last.high} for number, last in found.changes]
        how = "" if found.step.command == SORT else found.step.command
        return jsonify(
            {"text": found.text, "next": {"title": found.step.title, "reason": found.step.reason, "command": how}, "curve": curve}
        )

    def described(task: str, question: Question) -> dict:
        """A question for the page."""
        first = question.cards[0][0]
        card = answers.cards[answers.card_of(first)]
        return {
            "cards": [
                {"card": answers.card_of(clips[0]), "clips": [{"clip": clip, "name": answers.clips[clip].name} for clip in clips]}
                for clips in question.cards
            ],
            "video": films.get(card.video, card.video),
            "videos": len({answers.cards[answers.card_of(clips[0])].video for clips in question.cards}),
            "site": card.site,
            "reason": question.reason,
            "beside": question.beside,
            "label": answers.decision(first) if task == LOOK else None,
            "suggestion": _suggestion(question.p_positive),
        }

    return app


def _suggestion(p_positive: float | None) -> str:
    """The class that a model suggests; empty if it is not sure, or gives no score."""
    if p_positive is None or 1 - _SURE < p_positive < _SURE:
        return ""
    return LABELS[POSITIVE] if p_positive >= _SURE else LABELS[NEGATIVE]
