"""Makes ``src/kg/pages/coast/*.json``, the coastlines of the maps, from Natural Earth. Run by hand; no build needs it.

Natural Earth (https://www.naturalearthdata.com/) is in the public domain. Its land polygons are taken in the TopoJSON of the npm
package ``world-atlas`` 2.0.2 (https://github.com/topojson/world-atlas): ``npm pack world-atlas@2.0.2``, unpack, then

    python docs/coastline.py package

``region.json`` is the Caucasus and the Caspian Sea at 1:10 million, ``world.json`` everything at 1:50 million. Rings are clipped
(Sutherland and Hodgman 1974), simplified (Visvalingam and Whyatt 1993) and written as whole numbers, each point as the step from
the one before. Borders are left out: those of today are not those of 1990.
"""

from __future__ import annotations

import heapq
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

Point = tuple[float, float]
Ring = list[Point]
OUT = Path(__file__).resolve().parent.parent / "src" / "kg" / "pages" / "coast"


class Sheet(NamedTuple):
    """A coastline to make: its source, its bounds (west, south, east, north), its parts of a degree, and the least area of a bend."""

    source: str
    scale: str
    bounds: tuple[float, float, float, float]
    parts: int
    bend: float


SHEETS = {
    "region": Sheet("land-10m.json", "1:10 million", (34, 34, 60, 52), 100, 0.0002),
    "world": Sheet("land-50m.json", "1:50 million", (-180, -60, 180, 84), 10, 0.06),
}


def rings(topology: dict[str, Any]) -> list[Ring]:
    """Give the rings of all polygons of a quantised TopoJSON topology, in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for indices in polygon:
                ring: Ring = []
                for index in indices:
                    points = arcs[index] if index >= 0 else arcs[~index][::-1]
                    ring += points[1:] if ring else points
                found.append(ring[:-1])
    return found


def unwound(ring: Ring) -> list[Ring]:
    """Give *ring*, which may jump from one end of the world to the other, without the jump: once for each end that it lies on."""
    points = ring[:1]
    for x, y in ring[1:]:
        turns = round((points[-1][0] - x) / 360)
        points.append((x + 360 * turns, y))
    spread = {
        shift
        for shift in (-360, 0, 360)
        if min(x for x, _ in points) + shift < 180 and max(x for x, _ in points) + shift > -180
    }
    return [[(x + shift, y) for x, y in points] for shift in sorted(spread)]


def clipped(ring: Ring, bounds: tuple[float, float, float, float]) -> Ring:
    """Give the part of *ring* within *bounds*."""
    west, south, east, north = bounds
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        out: Ring = []
        for start, end in zip(ring[-1:] + ring[:-1], ring, strict=True):
            inside, was = sign * (end[axis] - limit) >= 0, sign * (start[axis] - limit) >= 0
            if inside != was:
                share = (limit - start[axis]) / (end[axis] - start[axis])
                crossing = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]
                crossing[axis] = limit
                out.append((crossing[0], crossing[1]))
            if inside:
                out.append(end)
        ring = out
        if not ring:
            break
    return ring


def area(a: Point, b: Point, c: Point) -> float:
    """Give the area of the triangle."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplified(ring: Ring, least: float) -> Ring:
    """Give *ring* without the points whose triangle with their neighbours is smaller than *least*."""
    before = [each - 1 for each in range(len(ring))]
    after = [(each + 1) % len(ring) for each in range(len(ring))]
    before[0] = len(ring) - 1
    alive = [True] * len(ring)
    size = [area(ring[before[each]], ring[each], ring[after[each]]) for each in range(len(ring))]
    heap = [(size[each], each) for each in range(len(ring))]
    heapq.heapify(heap)
    left = len(ring)
    while heap and left > 3:
        found, each = heapq.heappop(heap)
        if not alive[each] or found != size[each]:
            continue
        if found >= least:
            break
        alive[each] = False
        left -= 1
        last, following = before[each], after[each]
        after[last], before[following] = following, last
        for near in (last, following):
            size[near] = max(found, area(ring[before[near]], ring[near], ring[after[near]]))
            heapq.heappush(heap, (size[near], near))
    return [point for each, point in enumerate(ring) if alive[each]]


def enclosed(ring: Ring) -> float:
    """Give the area of *ring* in square degrees."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def steps(ring: Ring, parts: int) -> list[int]:
    """Give *ring* as whole numbers: the first point, then the step to each further one."""
    points = [(round(x * parts), round(y * parts)) for x, y in ring]
    points = [point for each, point in enumerate(points) if point != points[each - 1]]
    if len(points) < 3:
        return []
    flat = [*points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        flat += [x1 - x0, y1 - y0]
    return flat


def sheet(package: Path, made: Sheet) -> dict[str, Any]:
    """Give the coastline *made* of the files of *package*."""
    topology = json.loads((package / made.source).read_text(encoding="utf-8"))
    kept = []
    for ring in (each for whole in rings(topology) for each in unwound(whole)):
        part = clipped(ring, made.bounds)
        if len(part) >= 3 and enclosed(part) >= 4 * made.bend:
            kept.append(steps(simplified(part, made.bend), made.parts))
    return {
        "source": "Natural Earth 4.1.0, land, public domain",
        "scale": made.scale,
        "bounds": made.bounds,
        "parts": made.parts,
        "rings": sorted(filter(None, kept)),
    }


def main() -> None:
    """Write all sheets from the directory that is given."""
    package = Path(sys.argv[1])
    OUT.mkdir(exist_ok=True)
    for name, made in SHEETS.items():
        text = json.dumps(sheet(package, made), separators=(",", ":")) + "\n"
        (OUT / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}.json: {len(text)} bytes")


if __name__ == "__main__":
    main()
