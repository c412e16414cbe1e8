"""What comes with the package: in a wheel ``_bundle``, a whole release; in a checkout the checkout itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_CHECKOUT: Final = "kg.toml"


def directory() -> Path | None:
    """Give the directory that holds ``ontology/`` and ``queries/`` of this installation, None where it has neither form."""
    bundle, checkout = Path(__file__).parent / "_bundle", Path(__file__).parents[2]
    if bundle.is_dir():
        return bundle
    return checkout if (checkout / _CHECKOUT).is_file() else None
