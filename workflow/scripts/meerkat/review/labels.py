"""The labels that answers on visits give to clips: an answer also teaches the next model."""

from collections import defaultdict
from collections.abc import Mapping

from ..data.labels import LABELS, NEGATIVE, POSITIVE
from ..sorting.answers import Answers
from ..sorting.tasks import REVIEW
from ..visits.reviews import NO, YES

_LABEL_OF = {YES: LABELS[POSITIVE], NO: LABELS[NEGATIVE]}


class Labels:
    """Puts the clips of reviewed passages into the Training folders. Films for Testing are left alone: a model chose their visits, so they
    could not test it honestly."""

    def __init__(self, answers: Answers):
        self._answers = answers
        self._card_of = {(card.video, card.track): number for number, card in enumerate(answers.cards)}

    def follow(self, video: str, said: Mapping[int, str | None], is_undone: bool = False) -> None:
        """Make the labels follow what is said now about the visits of some tracks: an answer, or None. Unsure gives no label.

        is_undone  whether an answer was taken back: what a person has sorted since then stays

        Raises OSError.
        """
        new: dict[str, list[int]] = defaultdict(list)
        for track, answer in said.items():
            label = _LABEL_OF.get(answer)
            for clip in self._clips(video, track):
                decision = self._answers.decision(clip)
                is_free = decision is None or not is_undone or self._answers.is_of_review(clip)
                if label and decision != label and is_free:
                    new[label].append(clip)
                while not label and self._answers.is_of_review(clip):
                    self._answers.take_back(REVIEW, [clip])
        for label, clips in new.items():
            self._answers.decide([(REVIEW, clips)], label)

    def complete(self, video: str, said: Mapping[int, str | None]) -> None:
        """Label clips of reviewed passages on which nobody has ever decided: another search has cut them, or the disk was full when the
        answer was given. A passage on whose other clips a person has said something else is left alone. Raises OSError."""
        new: dict[str, list[int]] = defaultdict(list)
        for track, answer in said.items():
            clips, label = self._clips(video, track), _LABEL_OF.get(answer)
            if label and {self._answers.decision(clip) for clip in clips} <= {label, None}:
                new[label] += [clip for clip in clips if not self._answers.was_decided(clip)]
        for label, clips in new.items():
            if clips:
                self._answers.decide([(REVIEW, clips)], label)

    def _clips(self, video: str, track: int) -> list[int]:
        card = self._card_of.get((video, str(track)))
        return [] if card is None or self._answers.is_testing[card] else list(self._answers.clips_of(card))
