"""Axes: where numbers stand on a drawing, from zero on, in equal steps or, where asked for, in steps of ten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

APART: Final = 100
"""From which ratio of the largest to the smallest number on an axis on steps of ten are offered."""
_STEPS: Final = (1, 2, 5)
_ZERO: Final = 0.12
"""The part of an axis in steps of ten that lies before the first step, and leads to zero, which such steps never reach."""
_LONG: Final = 11
"""Characters of a number beyond which a tick has it as a power of ten."""
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid at ``x`` with its number as ``text``."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``left`` to ``right`` with the numbers from ``low`` to ``high``; ``tens``: each step is ten times the one before.

    In steps of ten ``first`` is the smallest power of ten on it, and zero stands apart at the left end.
    """

    left: float
    right: float
    low: int
    high: int
    step: int
    tens: bool = False
    first: int = 1

    def x(self, number: int) -> float:
        """Give the place of *number*, which is one of the numbers that the axis was made for."""
        return round(self.left + (self.right - self.left) * self._share(number), 1)

    def _share(self, number: int) -> float:
        if not self.tens:
            return (number - self.low) / (self.high - self.low)  # integers of any size divide exactly rounded
        if number <= 0:
            return 0.0
        steps = (log10(number) - log10(self.first)) / (log10(self.high) - log10(self.first))
        return _ZERO + (1 - _ZERO) * steps

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The lines of the grid, from left to right."""
        if not self.tens:
            numbers: Sequence[int] = range(self.low, self.high + 1, self.step)
        else:
            exponents = range(_exponent(self.first), _exponent(self.high) + 1, self.step)
            numbers = (0, *map(_ten, exponents))
        return tuple(Tick(self.x(number), written(number)) for number in numbers)

    @property
    def broken(self) -> float | None:
        """Where an axis in steps of ten is broken, between zero and its first step; None for another."""
        return round(self.left + (self.right - self.left) * _ZERO / 2, 1) if self.tens else None


def axis(numbers: Iterable[int], left: float, right: float, *, most: int, tens: bool = False) -> Axis:
    """Give the axis for *numbers* between *left* and *right*, with zero and at most *most* steps.

    It begins at zero, or below where a number is negative; steps of ten are for positive numbers and zero alone.
    """
    known = [0, *numbers]
    positive = [number for number in known if number > 0]
    if tens and positive and min(known) >= 0:
        first = _ten(_exponent(min(positive)))
        last = _exponent(max(positive)) + (max(positive) > _ten(_exponent(max(positive))))
        decades = max(last - _exponent(first), 1)
        step = -(-decades // most)
        return Axis(left, right, 0, first * _ten(-(-decades // step) * step), step, True, first)
    step = _step(max(known) - min(known), most)
    low, high = min(known) // step * step, -(-max(known) // step) * step
    return Axis(left, right, low, max(high, low + step), step)


def apart(numbers: Iterable[int]) -> bool:
    """Tell whether *numbers* lie so far apart that the small ones cannot be told from each other in equal steps."""
    known = list(numbers)
    positive = [number for number in known if number > 0]
    return bool(positive) and min(known) >= 0 and max(positive) >= APART * min(positive)


def written(number: int) -> str:
    """Give *number* with commas, a very long one as a power of ten."""
    text = f"{number:,}" if abs(number) < 10**_LONG else ""
    if text and len(text) <= _LONG:
        return text
    exponent = _exponent(abs(number))
    digits = str(abs(number) // _ten(exponent - 1)).rstrip("0")  # of a multiple of a step these are all
    times = "" if digits == "1" else f"{'.'.join(filter(None, (digits[0], digits[1:])))}·"
    return f"{'-' if number < 0 else ''}{times}10{str(exponent).translate(_RAISED)}"


def _step(span: int, most: int) -> int:
    """Give the smallest step of 1, 2 or 5 times a power of ten that goes at most *most* times into *span*, ends rounded outwards."""
    power = _ten(max(_exponent(max(span // most, 1)) - 1, 0))
    while True:
        for each in _STEPS:
            if each * power * (most - 1) >= span or each * power * most >= span > 0:
                return each * power
        power *= 10


def _ten(exponent: int) -> int:
    return int(10**exponent)


def _exponent(number: int) -> int:
    """Give the exponent of the largest power of ten that is not above the positive *number*."""
    guess = floor(log10(number))
    return guess + (_ten(guess + 1) <= number) - (_ten(guess) > number)
