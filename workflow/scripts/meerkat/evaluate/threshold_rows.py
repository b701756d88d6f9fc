"""Operating points as tables show them: those of one threshold in one row."""

from collections.abc import Mapping, Sequence


def merged(points: Sequence[Mapping]) -> list[dict]:
    """Operating points as metrics.json has them, those of one threshold as one, with the `names` of all."""
    found: dict[object, dict] = {}
    for place, point in enumerate(points):
        key = ("none", place) if point["threshold"] is None else point["threshold"]
        found.setdefault(key, {**point, "names": []})["names"].append(point["name"])
    return list(found.values())
