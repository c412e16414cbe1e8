"""Documents: what a release says of one IRI, the same in every form, with its addresses; nothing here knows HTTP."""
