"""Set queries: which focus nodes a constraint may find anything about, of all of them at once.

:class:`Suspects` asks the data, held by :mod:`~kg.checking.sets.data` as a store. :mod:`~kg.checking.sets.selects` makes a query over all
focus nodes of one about a single one, :mod:`~kg.checking.sets.conditions` an expression (:mod:`~kg.checking.sets.expressions`) of a core constraint. What is found about a
suspect is for pySHACL to say.
"""

from __future__ import annotations

from kg.checking.sets.conditions import Condition, Conditions, Test, Uncovered
from kg.checking.sets.expressions import Some
from kg.checking.sets.selects import compiled
from kg.checking.sets.suspects import Suspects

__all__ = ["Condition", "Conditions", "Some", "Suspects", "Test", "Uncovered", "compiled"]
