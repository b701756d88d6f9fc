"""Operating points for tables: those with the same threshold share a row."""

from collections.abc import Mapping, Sequence


def merged(points: Sequence[Mapping]) -> list[dict]:
    """Operating points, as in metrics.json; those with the same threshold become one, with the `names` of all."""
    found: dict[object, dict] = {}
    for place, point in enumerate(points):
        key = ("none", place) if point["threshold"] is None else point["threshold"]
        found.setdefault(key, {**point, "names": []})["names"].append(point["name"])
    return list(found.values())
