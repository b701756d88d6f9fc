"""The next step: the one thing that would help most, with its command. The page for sorting and the report both ask here."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..evaluate.intervals import FEW_SITES, FEW_VIDEOS
from ..wording import count
from .situation import Sorting, Trained

# If more than this share of the labels is doubtful, they are worth an hour.
_MANY = 0.005
# With fewer Training clips of a class, more clips help most, unless the page has seen that more answers change little. Heads that saw so
# few cannot judge labels.
_FEW = 200
# If the interval of the animal clips kept is wider than this, we cannot say whether the model is good.
_WIDE = 0.2
# The half of the interval that the labels for Testing should give, the quantile of the normal distribution for 95 %, and the largest share
# of animals found for which its formula is valid.
MARGIN, _QUANTILE, _LARGEST = 0.05, 1.96, 0.95
# The configuration is named as in the README.
SORT, _RUN = "python3 start.py sort mine.yaml", "python3 start.py run mine.yaml"


class Step(NamedTuple):
    """What to do, why, and how: a command, or a link to a page of the documentation; either may be empty."""

    title: str
    reason: str
    command: str = ""
    link: str = ""


def next_step(sorting: Sorting | None, trained: Trained | None) -> Step:
    """The first step whose reason is true. They are ordered by how much it can cost not to do them.

    sorting  how far the sorting is; None if clips are not sorted on the page
    trained  what the last training found; None if there was none
    """
    return next(step for step in _steps(sorting, trained) if step)


def animals_needed(recall: float) -> int:
    """How many passages with an animal show to within MARGIN which share of the animals is found, if it is about `recall`."""
    recall = min(recall, _LARGEST)
    return math.ceil(recall * (1 - recall) * (_QUANTILE / MARGIN) ** 2)


def is_vague(recall: Mapping) -> bool:
    """Whether the interval of the animal clips kept is too wide to say how good the model is; `recall` is a metric with its interval."""
    return _width(recall) > _WIDE


def _steps(sorting: Sorting | None, trained: Trained | None) -> Iterator[Step | None]:
    if sorting and sorting.training_left and not sorting.is_settled:
        yield _go_on(sorting)
    if trained is None or trained.is_outdated:
        yield _sort_testing(sorting, trained)
        yield _without_testing(sorting)
        yield Step("Train", "The report then says how good the model is, and what helps most.", _RUN)
        return
    yield _unknown(sorting, trained)
    yield _few_clips(sorting, trained)
    yield _doubtful_labels(trained)
    yield _faint_motion(trained)
    yield _low_recall(trained)
    yield _weak_test(sorting, trained)
    yield _few_sites(sorting, trained)
    yield Step("Use it", "Nothing here asks for more work. Find the visits of animals in all videos.", f"{_RUN} annotate")


def _go_on(sorting: Sorting) -> Step:
    if sorting.is_settled is None:
        return Step("Sort Training", "It is too early to say whether your answers are enough.", SORT)
    return Step("Sort Training", "Your last answers still changed what the model says about other passages.", SORT)


def _sort_testing(sorting: Sorting | None, trained: Trained | None) -> Step | None:
    if sorting is None or not sorting.testing_left or (trained and not _is_weak(trained)):
        return None
    # The width of an interval falls with the root of the number of videos.
    videos = max(FEW_VIDEOS, math.ceil(trained.tested_videos * (_width(trained.chosen["recall"]) / _WIDE) ** 2) if trained else 0)
    if sorting.animals >= sorting.needed and sorting.videos >= videos:
        return None
    so_far = f"So far there are {sorting.animals}, from {count(sorting.videos, 'video')}."
    if sorting.animals + sorting.testing_left < sorting.needed:
        reason = f"The {count(sorting.testing_left, 'passage')} that are left show how good the model is, though only roughly. {so_far}"
    else:
        reason = f"{sorting.needed} passages with an animal, from {videos} videos or more, show how good the model is. {so_far}"
    return Step("Sort Testing", reason, SORT)


def _without_testing(sorting: Sorting | None) -> Step | None:
    if sorting and not sorting.testing:
        return Step("Add films or stills", "None of your films or bursts was drawn for Testing. About one in five is.")
    return None


def _unknown(sorting: Sorting | None, trained: Trained) -> Step | None:
    if trained.chosen["threshold"] is None:
        reason = f"No threshold could be found: {trained.metrics['operating_point']['reason']}."
        return _more("Training", "animals", "with animals", sorting, reason)
    if trained.metrics["free_of_leaks"] is None or trained.chosen["recall"]["value"] is None:
        reason = "No Testing clip with an animal comes from a video that the model has not seen, so we cannot know how good the model is."
        return _more("Testing", "videos for Testing", "with animals", sorting, reason)
    return None


def _few_clips(sorting: Sorting | None, trained: Trained) -> Step | None:
    if sorting and sorting.is_settled:
        return None
    classes = [("positive", "animals", "with animals"), ("negative", "background", "of background")]
    number, what, shown = min(((trained.clips[label], what, shown) for label, what, shown in classes), key=lambda one: one[0])
    if number >= _FEW:
        return None
    return _more("Training", what, shown, sorting, f"The model has seen only {count(number, 'clip')} {shown}.")


def _doubtful_labels(trained: Trained) -> Step | None:
    if trained.doubtful <= _MANY * sum(trained.clips.values()):
        return None
    clips = count(trained.doubtful, "Training clip")
    reason = f"Models that had not seen them are sure that {clips} are of the other class. The task Second looks shows them."
    return Step("Look at some labels again", reason, SORT)


def _faint_motion(trained: Trained) -> Step | None:
    check = trained.check
    if not check or not check["visits"] or check["no motion"] <= check["scored below the threshold"]:
        return None
    reason = (
        f"Of {check['visits']} visits that a person saw, {check['no motion']} had no motion that the search saw. No model can find these."
    )
    return Step("Search for fainter motion", reason, link="docs/videos.md")


def _low_recall(trained: Trained) -> Step | None:
    high = trained.chosen["recall"]["high"]
    if high is None or high >= trained.metrics["operating_point"]["wanted_recall"]:
        return None
    reason = "Fewer animal clips of Testing are kept than you wanted. Write evaluate: operating_recall: 0.99 and run it again."
    return Step("Lower the threshold", reason, _RUN)


def _weak_test(sorting: Sorting | None, trained: Trained) -> Step | None:
    if not _is_weak(trained):
        return None
    reason = "The Testing clips are too few to say how good the model is. More Testing videos with animals give a clearer answer."
    return _more("Testing", "videos for Testing", "with animals", sorting, reason)


def _few_sites(sorting: Sorting | None, trained: Trained) -> Step | None:
    sites = trained.metrics["sites"]
    if not sites["known"] or (sites["new"] or {"videos": 0})["videos"] >= FEW_SITES:
        return None
    reason = "Few Testing clips come from sites that the model has never seen. Cameras at other places can differ a lot."
    return _more("Testing", "videos of other sites", "of other sites", sorting, reason)


def _more(task: str, what: str, videos: str, sorting: Sorting | None, reason: str) -> Step:
    """Sort more of something, or add such videos if all passages of a task are sorted."""
    if sorting is None or (sorting.training_left if task == "Training" else sorting.testing_left):
        return Step(f"Sort more {what}", f"{reason} When all passages are sorted, add films or stills.", SORT)
    return Step(f"Add films or stills {videos}", f"{reason} All passages of {task} are sorted.")


def _is_weak(trained: Trained) -> bool:
    return trained.tested_videos < FEW_VIDEOS or is_vague(trained.chosen["recall"])


def _width(recall: Mapping) -> float:
    """The width of the interval; 1 if there is none."""
    return 1.0 if recall["low"] is None else recall["high"] - recall["low"]
