"""Changes: what one release says of a resource, or answers, and another did not, in words."""

from kg.changes.change import Change, ChangedClaim, Fate, State
from kg.changes.differences import changes
from kg.changes.tables import ChangedTable, compared

__all__ = ["Change", "ChangedClaim", "ChangedTable", "Fate", "State", "changes", "compared"]
