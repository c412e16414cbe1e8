"""The coastline, of Natural Earth (docs/coastline.py): two sheets of it, and as much of one as a drawing has room for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sheet(name: str) -> dict[str, Any]:
    """Give the sheet *name* of the coastline (``region``, ``world``): its ``bounds``, and its ``rings`` as points (longitude, latitude)."""
    found: dict[str, Any] = json.loads(files("kg.pages").joinpath(f"coast/{name}.json").read_bytes())
    rings = []
    for flat in found["rings"]:
        x = y = 0
        ring = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x / found["parts"], y / found["parts"]))
        rings.append(ring)
    return found | {"rings": rings, "boxes": [_box(ring) for ring in rings]}


def finest(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Give the finest sheet that has all of what lies between these degrees, with those of its rings that may reach into it."""
    region = sheet("region")
    left, lowest, right, highest = region["bounds"]
    inside = left <= west and lowest <= south and east <= right and north <= highest
    found = region if inside else sheet("world")
    rings = [
        ring
        for ring, (left, lowest, right, highest) in zip(found["rings"], found["boxes"], strict=True)
        if left <= east and right >= west and lowest <= north and highest >= south
    ]
    return found | {"rings": rings}


def _box(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def path(rings: Iterable[Sequence[tuple[float, float]]], width: float, height: float) -> str:
    """Give *rings* as one path, those outside left out and points that are hardly apart as one."""
    written = []
    for ring in rings:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        if max(xs) < 0 or min(xs) > width or max(ys) < 0 or min(ys) > height:
            continue
        kept: list[tuple[float, float]] = []
        for point in ring:
            x, y = min(max(point[0], -40.0), width + 40), min(max(point[1], -40.0), height + 40)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.7:
                kept.append((x, y))
        if len(kept) > 2:
            written.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z")
    return "".join(written)
