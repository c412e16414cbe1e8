"""The order of labels: by letters whatever their case, numbers by their value, so that 4 comes before 12."""

from __future__ import annotations

import re


def key(text: str) -> bytes:
    """Give what to sort *text* by, as bytes that a database compares.

    >>> sorted(["Photograph 12", "photograph 4", "Photograph"], key=key)
    ['Photograph', 'photograph 4', 'Photograph 12']
    """
    parts = re.split("([0-9]+)", text.casefold().replace("\0", " "))
    # of two numbers the longer is larger; the zero byte puts "a" before "a 1" and before "ab"
    parts[1::2] = [f"{len(digits := part.lstrip('0')):08}{digits}" for part in parts[1::2]]
    return "\0".join(parts).encode("utf-8", "surrogatepass")
