"""Boxes in a picture."""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A box in pixels: its upper left corner, width and height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def centre(self) -> tuple[float, float]:
        """Its x and y."""
        return self.x + self.w / 2, self.y + self.h / 2


def merge(boxes: Sequence[Box], distance: float) -> list[Box]:
    """The boxes after merging: boxes closer than `distance` (gap between their edges) become one, until none are so close."""
    boxes = list(boxes)
    merged: list[Box] = []
    while boxes:
        box = boxes.pop()
        near = [other for other in (*boxes, *merged) if gap(box, other) < distance]
        if not near:
            merged.append(box)
            continue
        boxes = [other for other in boxes if other not in near]
        merged = [other for other in merged if other not in near]
        boxes.append(_around([box, *near]))
    return merged


def gap(one: Box, other: Box) -> float:
    """The distance between the edges of two boxes, 0 if they touch or overlap."""
    dx = max(one.x - (other.x + other.w), other.x - (one.x + one.w), 0)
    dy = max(one.y - (other.y + other.h), other.y - (one.y + one.h), 0)
    return math.hypot(dx, dy)


def overlap(one: Box, other: Box) -> float:
    """The share of the smaller box that lies in the other one."""
    w = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    h = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0, w) * max(0, h) / max(1, min(one.w * one.h, other.w * other.h))


def _around(boxes: Sequence[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.x + box.w for box in boxes) - x, max(box.y + box.h for box in boxes) - y)
