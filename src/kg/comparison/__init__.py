"""What sources say of one measure of an event, side by side: intervals with their scopes, days, voices and common origins.

Nothing is reconciled here: no figure stands for several, nothing is averaged, and no range is made out of claims.
"""

from kg.comparison.comparing import COMPARED, Comparing
from kg.comparison.comparison import Band, Comparison, Figure, Measured, Tie
from kg.comparison.filters import MODALITIES, Filters
from kg.comparison.intervals import Interval
from kg.comparison.origins import Origin

__all__ = [
    "COMPARED",
    "MODALITIES",
    "Band",
    "Comparing",
    "Comparison",
    "Figure",
    "Filters",
    "Interval",
    "Measured",
    "Origin",
    "Tie",
]
