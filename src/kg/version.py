"""The version of Attest: of the package, the command and what releases say they were built with."""

__version__ = "0.1.0"
