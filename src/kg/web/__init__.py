"""The published face of releases: pages, linked data, SPARQL and downloads over HTTP."""

from __future__ import annotations

from kg.web.app import create_app
from kg.web.hosting import Host
from kg.web.place import Place
from kg.web.server import serve

__all__ = ["Host", "Place", "create_app", "serve"]
