"""Archives of our own model, of any size, out of a seed, with faults planted in them and the list of what was planted.

An archive is the vocabulary and then a row of *sources*, each a web page with its text versions, passages, names, photographs,
observations and claims in a named graph of its own; the events, places, people and works that it is the first to speak of stand in
``graph/entities``, what the project concludes in ``graph/editorial``, and what the build derives of all that in ``graph/published``.
Nothing in it is about the world: every name is made of syllables. It keeps to the shapes of ``ontology/`` but for the faults: one
for each constraint of the shapes as soon as there is room for them, then as many as the share asks for.

The same seed, number and share give the same bytes on every machine, in constant memory; an archive of fewer quads is, but for its
last few, the beginning of one of more. ``python bench/archive.py`` writes them.
"""

from archive_graphs.archive import SEED, SHARE, Archive, Piece
from archive_graphs.constraints import Constraint, constraints
from archive_graphs.faults import Fault, Result

__all__ = ["SEED", "SHARE", "Archive", "Constraint", "Fault", "Piece", "Result", "constraints"]
