"""Transfers: a release put into any SPARQL 1.1 store, so that its readers see one release or the other and no mixture.

:mod:`~.shipment` is what a release is made of, in batches of lines; :mod:`~.wording` says it in SPARQL 1.1 Update;
:mod:`~.target` is the store that is written to, patiently; :mod:`~.course` is the transfer from the first look to the last
statement. docs/decisions/0049 says why it goes this way.
"""

from __future__ import annotations

from kg.transfer.course import Plan, Transfer
from kg.transfer.shipment import BYTES, TRIPLES, Shipment
from kg.transfer.target import Access, Patience, Target

__all__ = ["BYTES", "TRIPLES", "Access", "Patience", "Plan", "Shipment", "Target", "Transfer"]
