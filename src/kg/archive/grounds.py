"""What the statements of an archive rest on, down to the passages, and whether a copy of the source bears them out."""

from __future__ import annotations

from collections.abc import Iterable

from kg.archive.opened import Opened
from kg.evidence import Copy, Verification
from kg.labels import held
from kg.names import TYPES
from kg.reasons import Reasons, quoted, verify
from kg.views import Why


class Grounds(Opened):
    """What claims rest on."""

    def why(self, name: str, *, text: bytes | Iterable[bytes] = ()) -> Why:
        """Tell what a claim, or the plain statements about a resource, rest on, down to the passages.

        *text* is a copy of the source, text or saved HTML, or several: the words of each passage found are shown.
        *name* is an IRI, a prefixed name, the slug of a claim, or any other slug, label or recorded name. Raises NotFound for
        an unknown resource, EvidenceError for a copy that is no text.

        >>> print(g.why("claim:attest-gathering-sunday"))  # doctest: +ELLIPSIS
        Gathering at an open coffin in Yerevan, January 1990: 21 January 1990
          Attest, undated
            derived by: last day of that name before the date line
            Associated Press → Asbarez, 1990-01-22: Gathering at an open coffin in Yerevan, January 1990 took place on a Sunday
              Caption of photograph 14, characters 5490 to 5648, digest ... (words not shown: no local copy)
        Web page 91953 of the newspaper Asbarez: http://asbarez.com/91953/...
        """
        copies = (text,) if isinstance(text, bytes) else text
        return Reasons(self._store, self._claims, self._labels, copies).why(
            self._lookup.meaning(name, ("claim", *TYPES))
        )

    def words(self, text: bytes | Iterable[bytes]) -> dict[str, str]:
        """Give the words of each passage that is found in *text*, a copy of a source or several, by the IRI of the passage.

        Raises EvidenceError for a copy that is no text.

        >>> g.words(b"A text that is another one altogether, with no passage of the page in it.")
        {}
        """
        return quoted(self._store, (text,) if isinstance(text, bytes) else text)

    def verify(self, text: bytes, *, source: str | None = None) -> Verification:
        """Prove every passage against *text*, a reader's copy of a source (text or saved HTML).

        *source* names the text version or document (IRI, prefixed name or slug); without it the best match is taken.
        Raises EvidenceError for a copy that is no text and for an unknown *source*.

        >>> result = g.verify(b"A text that is another one altogether, with no passage of the page in it.")
        >>> result.count("found"), result.count("missing")
        (0, 69)
        """
        named = None
        if source is not None:
            names = [self.base.expand(source, kind=kind) for kind in ("source", "text")]
            named = next(iter(held(self._store, names)), names[0])
        return verify(self._store, Copy.read(text), named)
