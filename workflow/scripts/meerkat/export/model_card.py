"""The model card: what the model is, what it was made from, how good it is, and how to load it."""

import importlib.metadata
from collections.abc import Mapping
from datetime import date

from ..data import deepmeerkat
from ..evaluate import threshold_rows
from ..evaluate.leak_free import leak_free
from ..evaluate.metrics import FIRST, KEEPING
from ..train.head import Head
from ..wording import by_audit, count, number_by_audit, percent, value

_PACKAGES = ("tensorflow", "keras", "opencv-python-headless", "numpy", "scikit-learn", "snakemake")


def text(backbone: Mapping, head: Head, metrics: Mapping, audit: Mapping | None, data: str) -> str:
    """The card as Markdown.

    backbone  the facts that freeze_backbone.py writes beside the graph
    metrics   the content of metrics.json
    audit     the content of audit.json, if a person has looked at moments of the films
    data      the source of the clips, in the user's words
    """
    clips = head.facts["clips"]
    settings = "\n".join(f"- {name}: {value}" for name, value in head.facts["settings"].items())
    versions = "\n".join(f"- {name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    shown, leaked = leak_free(metrics)
    which = " of videos that are not in Training" if leaked else ""
    warnings = "".join(f"\n**Take care:** {warning}\n" for warning in metrics["warnings"])
    rows = "\n".join(f"| {metric.title} | {value(shown[name], metric.is_share)} |" for name, metric in FIRST.items())
    points = "\n".join(_operating_point(point) for point in threshold_rows.merged(shown["operating_points"]))
    folds = head.facts["folds"]
    kept = "; ".join(f"step {one['kept']['step']} with held-out loss {one['kept']['eval_loss']:.4f}" for one in head.facts["heads"])
    estimate = metrics["estimate"]
    return f"""# Animal or background: a model for DeepMeerkat

Made on {date.today().isoformat()} from the clips of {data}.

It looks at one clip, the part of a video frame where something moved. It says how likely the clip shows an animal (positive)
or only background such as leaves, water and shadows (negative). It is meant for cameras and places like those of the clips
that it was trained on. Before you use it elsewhere, measure how good it is there.
{_audit(audit) if audit and audit["share"]["value"] is not None else ""}
## Data

- Training: {clips["positive"]} positive and {clips["negative"]} negative clips
- Used to decide when to stop and to set scores and thresholds: {folds["origin"]}
- Testing: {metrics["clips"]["positive"]} positive and {metrics["clips"]["negative"]} negative clips of {metrics["videos"]} videos
{warnings}
## How good it is on the Testing clips{which}, and which threshold to use

Keep clips with a score of **{metrics["operating_point"]["threshold"]:.9g}** or more. {_origin(metrics)}

| rule | from score | animal clips kept | clips to watch | animal clips among them |
|---|---|---|---|---|
{points}

## Metrics where the class with the higher score wins

A clip with a score of {shown["threshold"]} or more counts as positive. The 95 % intervals take into account that clips of one video are
alike.

| metric | value |
|---|---|
{rows}

Before Testing was looked at, cross-fitting estimated an accuracy of {value(estimate["accuracy"])} on
{estimate["origin"]}.

{_calibration(head.facts["calibration"])}

## How it was made

- Backbone: {backbone["name"]}, frozen, images of {backbone["size"]} px
- Its weights: {backbone["weights"]}; licence: {backbone["licence"]}
- Fingerprint of the backbone: {backbone["fingerprint"]}
- Head: {head.width} inputs, {head.hidden_bias.size} hidden units (ReLU), 2 outputs (softmax): the mean of {folds["number"]} heads, each
  trained without a part of the clips
- Weights that were kept: {kept}

Settings of the training:

{settings}

Versions:

{versions}

## How to load it

In DeepMeerkat, give this folder as the model. In Python with TensorFlow 1.0.1 or later:

```python
import tensorflow.compat.v1 as tf  # TensorFlow 1: import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as session:
    tf.saved_model.loader.load(session, ["serve"], "model")
    scores = session.run("{deepmeerkat.OUTPUT}:0", {{"{deepmeerkat.INPUT}:0": [open("clip.jpg", "rb").read()]}})
    print("positive, negative:", scores[0])
```
"""


def _audit(audit: Mapping) -> str:
    """What an audit of visits has found, and for which films it holds."""
    share, without, false = audit["share"], audit["not_in_training"]["share"], audit["false_per_hour"]
    knows_some = audit["films_in_training"] and without["value"] is not None
    unknown = f" In the films without Training clips: {by_audit(without)}." if knows_some else ""
    ends = "" if false["low"] == false["high"] else f" ({false['low']:.2f} to {false['high']:.2f})"
    return f"""
## How many visits it finds

Of all visits of animals in {count(audit["films"], "film")} ({audit["hours"]:.1f} hours), it finds **{by_audit(share)}** at a threshold of
{audit["threshold"]:.9g}.{unknown} Of the others, {number_by_audit(audit["below"])} score too low, and
{number_by_audit(audit["unmoved"])} were never seen to move. In an hour of film it finds {false["value"]:.2f}{ends} false visits. Brackets
hold the true number in 95 of 100 audits; a number without them was counted. This comes from {count(audit["looks"], "look")} at moments that
were drawn by chance, the last one on {audit["last_look"][:10]}.
"""


def _origin(metrics: Mapping) -> str:
    point = metrics["operating_point"]
    if point["reason"]:
        return f"No threshold could be found for a recall of {point['wanted_recall']:g}: {point['reason']}."
    reached = percent(point["held_out_recall"])
    return f"It was chosen for a recall of {point['wanted_recall']:g} and gives {reached} on {metrics['estimate']['origin']}."


def _operating_point(point: dict) -> str:
    threshold = "none" if point["threshold"] is None else f"{point['threshold']:.9g}"
    figures = [value(point[name]) for name in KEEPING]
    return f"| {' | '.join(['; '.join(point['names']), threshold, *figures])} |"


def _calibration(facts: dict) -> str:
    how = (
        f"left as the heads gave them: {facts['reason']}" if facts["reason"] else f"divided by a temperature of {facts['temperature']:.3g}"
    )
    return f"Scores mean what they say for clips of which {percent(facts['positive_share'])} are positive. Their logits were {how}."
