"""Pages: what is shown to people, HTML made by templates from an archive and addresses; nothing here knows HTTP."""
