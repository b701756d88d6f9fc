"""The next step in the report: the one thing that would help most, with its command or its page."""

from collections.abc import Mapping
from typing import NamedTuple

from ..evaluate.intervals import FEW_SITES, FEW_VIDEOS
from ..wording import count

# A label is doubtful if the heads are this sure that it is wrong. If more than this share is doubtful, it is worth an hour.
DOUBTFUL = 0.95
_MANY = 0.005
# With fewer Training clips of a class, more clips help most; heads that saw so few cannot judge labels.
_FEW = 200
# If the interval of the animal clips kept is wider than this, we cannot say whether the model is good.
_WIDE = 0.2
_MORE = "When all are sorted, add films."
# The configuration is named as in the README.
_SORT, _RUN = "python3 start.py sort mine.yaml", "python3 start.py run mine.yaml"


class Step(NamedTuple):
    """What to do, why, and how: a command, or a link to a page of the documentation; either may be empty."""

    title: str
    reason: str
    command: str = ""
    link: str = ""


def next_step(metrics: Mapping, chosen: Mapping, doubtful: int, check: Mapping | None) -> Step:
    """The first step below whose reason is true. They are ordered by how much it can cost not to do them.

    metrics        metrics.json
    chosen         the operating point in use, from the Testing clips that count
    doubtful       how many Training clips have a label that is surely wrong according to the heads
    check          check.json, if a person has watched some of the videos
    """
    training, testing, sites = metrics["estimate"]["clips"], metrics["free_of_leaks"], metrics["sites"]
    recall = chosen["recall"]
    if chosen["threshold"] is None:
        return Step("Sort more animal clips", f"No threshold could be found: {metrics['operating_point']['reason']}.", _SORT)
    if testing is None or recall["value"] is None:
        return Step(
            "Sort clips for Testing",
            "No Testing clip with an animal comes from a video that the model has not seen, so we cannot know how good the model is.",
            _SORT,
        )
    if training["positive"] < _FEW:
        reason = f"The model has seen only {training['positive']} animal clips. The page asks about those that teach it most."
        return Step("Sort more animal clips", f"{reason} {_MORE}", _SORT)
    if training["negative"] < _FEW:
        reason = f"The model has seen only {training['negative']} clips of background, too few to know what to throw away."
        return Step("Sort more clips of background", f"{reason} {_MORE}", _SORT)
    if doubtful > _MANY * sum(training.values()):
        clips = count(doubtful, "Training clip")
        reason = f"Models that had not seen them are sure that {clips} are of the other class. The task Second looks shows them."
        return Step("Look at some labels again", reason, _SORT)
    if check and check["visits"] and check["no motion"] > check["scored below the threshold"]:
        reason = (
            f"Most lost visits ({check['no motion']} of {check['visits']}) had no motion that the search saw, so no model can find them."
        )
        return Step("Search for fainter motion", reason, link="docs/videos.md")
    if recall["high"] is not None and recall["high"] < metrics["operating_point"]["wanted_recall"]:
        reason = "Fewer animal clips of Testing are kept than you wanted. Write evaluate: operating_recall: 0.99 and run it again."
        return Step("Lower the threshold", reason, _RUN)
    if metrics["videos_with_positives"] < FEW_VIDEOS or recall["low"] is None or recall["high"] - recall["low"] > _WIDE:
        reason = "The Testing clips are too few to say how good the model is. More Testing videos with animals give a clearer answer."
        return Step("Sort more videos for Testing", f"{reason} {_MORE}", _SORT)
    if sites["known"] and (sites["new"] or {"videos": 0})["videos"] < FEW_SITES:
        reason = "Few Testing clips come from sites that the model has never seen. Cameras at other places can differ a lot."
        return Step("Add videos of more sites", reason, _SORT)
    return Step("Use it", "Nothing here asks for more work. Find the visits of animals in all videos.", f"{_RUN} annotate")
