"""The published face of a release: pages, linked data, SPARQL and downloads over HTTP."""

from __future__ import annotations

from kg.web.app import create_app
from kg.web.server import serve

__all__ = ["create_app", "serve"]
