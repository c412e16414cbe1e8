"""Changes: what one release says of a resource and another did not, in words."""

from kg.changes.change import Change, ChangedClaim, Fate, State
from kg.changes.differences import changes

__all__ = ["Change", "ChangedClaim", "Fate", "State", "changes"]
