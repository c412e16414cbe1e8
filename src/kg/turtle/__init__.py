"""Turtle files as people keep them: read, changed and formatted without losing what no triple says.

``Document`` edits one resource at a time and leaves every other byte as it was.
"""

from kg.turtle.document import Document

__all__ = ["Document"]
