"""The evaluation of a head on Testing clips, for metrics.json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.predictions import THRESHOLD
from ..train.calibration import ENOUGH
from . import intervals
from .metrics import KEEPING, METRICS, Metric, confusion
from .operating_points import Rule


@dataclass(frozen=True)
class Scored:
    """Clips with their scores: truth int [clips], 1 = positive; p_positive float [clips]; videos, or sites, [clips]."""

    truth: np.ndarray
    p_positive: np.ndarray
    videos: np.ndarray

    def part(self, mask: np.ndarray) -> "Scored":
        """The clips for which `mask`, bool [clips], is true."""
        return Scored(self.truth[mask], self.p_positive[mask], self.videos[mask])


def describe(clips: Scored, rules: Sequence[Rule], replicates: int, seed: int, wanted: Mapping[str, Metric] = METRICS) -> dict:
    """Counts, the wanted metrics at the fixed threshold, and an operating point for each rule, all with intervals."""
    called = (clips.p_positive >= THRESHOLD).astype(int)
    return {
        "clips": {"positive": int(clips.truth.sum()), "negative": int(len(clips.truth) - clips.truth.sum())},
        "videos": len(set(clips.videos)),
        "videos_with_positives": len(set(clips.videos[clips.truth == 1])),
        "threshold": THRESHOLD,
        "confusion": confusion(clips.truth, called),
        **intervals.with_intervals(clips.truth, clips.p_positive, called, clips.videos, replicates, seed, wanted),
        "operating_points": [_operating_point(clips, rule, replicates, seed) for rule in rules],
    }


def _operating_point(clips: Scored, rule: Rule, replicates: int, seed: int) -> dict:
    point = {"name": rule.name, "wanted_recall": rule.wanted, "threshold": rule.threshold, "held_out_recall": rule.reached}
    if rule.threshold is None:
        undefined = {"value": None, "low": None, "high": None, "reason": rule.reason}
        return point | dict.fromkeys(KEEPING, undefined)
    called = (clips.p_positive >= rule.threshold).astype(int)
    return point | intervals.with_intervals(clips.truth, clips.p_positive, called, clips.videos, replicates, seed, KEEPING)


def by_video(clips: Scored, threshold: float) -> pd.DataFrame:
    """One row for each video: clips, positives, how many positives are found, recall (empty without positives), and false alarms."""
    called = clips.p_positive >= threshold
    table = pd.DataFrame({"video": clips.videos, "clips": 1, "positives": clips.truth, "found": clips.truth * called})
    table["negatives"] = 1 - clips.truth
    table["false_alarms"] = (1 - clips.truth) * called
    table = table.groupby("video", as_index=False).sum()
    table.insert(4, "recall", (table["found"] / table["positives"].where(table["positives"] > 0)).round(4))
    return table


def warnings(result: dict, training_warning: str, recalls: Sequence[float]) -> list[str]:
    """The reasons to distrust the evaluation `result` (the content of metrics.json)."""
    found = [training_warning] if training_warning else []
    free = result["free_of_leaks"]
    if free is None:
        found.append(
            "Every Testing clip comes from a video that is also in Training. So these clips cannot show how good the model is on other "
            "videos."
        )
    elif leaked := sum(result["clips"].values()) - sum(free["clips"].values()):
        found.append(
            f"{leaked} of the {sum(result['clips'].values())} Testing clips come from videos that are also in Training and make the result "
            "look better than it is. Figures for videos that are not in Training leave them out; all others count all Testing clips."
        )
    sites = result["sites"]
    if sites["seen"] and not sites["new"]:
        estimate = result["estimate"]
        found.append(
            "All Testing clips are of sites that are also in Training. So they show how good the model is there, not at new sites. "
            + (
                "The estimate from cross-fitting is for new sites: look at that one."
                if estimate["unit"] == "site"
                else "Test on clips of other sites, or sort clips of at least five sites for Training."
            )
        )
    tested = sum(part["videos"] for part in (sites["new"], sites["seen"]) if part)
    if 0 < tested < intervals.FEW_SITES:
        found.append(
            f"The Testing clips come from {tested} site{'s' * (tested > 1)}. Other sites can differ more than the intervals here suggest. "
            f"Test on clips of at least {intervals.FEW_SITES} sites."
        )
    if result["near_duplicates"]:
        found.append(
            f"{result['near_duplicates']} of the {sum(result['clips'].values())} Testing clips look almost like a Training clip, and all "
            "figures include them. Look at the pairs in the report. If a pair shows the same moment, move both to one side."
        )
    if min(result["videos"], result["videos_with_positives"]) < intervals.FEW_VIDEOS:
        found.append(
            f"The Testing clips come from few videos ({result['videos']}, {result['videos_with_positives']} of them with animal clips). "
            f"With fewer than {intervals.FEW_VIDEOS}, the intervals are only a hint and probably too narrow. Test on clips of more videos."
        )
    training = result["estimate"]["clips"]
    short = min(training, key=lambda name: training[name])
    guessed = [f"{recall:g}" for recall in sorted(recalls) if training["positive"] * (1 - recall) < 1]
    if guessed:
        found.append(
            f"The thresholds made for a recall of {', '.join(guessed)} rest on {training['positive']} animal clips of Training, too few "
            "to tell such a recall from a perfect one. Add positive Training clips of more videos."
        )
    if training[short] < ENOUGH and not (guessed and short == "positive"):
        found.append(f"Training has {training[short]} {short} clips. Add {short} ones of more videos, until there are some hundred.")
    return found
