"""What the claims of an archive are about, by kind, by place, by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kg.archive.opened import Opened
from kg.locations import Located, Location
from kg.lookup import day_of
from kg.names import TYPES
from kg.search.finding import LIMIT, Found
from kg.views import Event, Person, Photograph, Place, Thing, Work


class Held(Opened):
    """Who and what the archive tells of."""

    def events(self) -> list[Event]:
        """Give all events, by label.

        >>> entry = next(event for event in g.events() if event.iri.endswith("army-entry"))
        >>> entry.label, entry.date
        ('Entry of Soviet troops into Baku, January 1990', '[1990-01-19,1990-01-20]')
        """
        return self._things.all(Event)

    def people(self) -> list[Person]:
        """Give all people, by label.

        >>> [person.label for person in g.people()][:3]
        ['A. Gulamiryan', 'Aleksan Hakobyan', 'Andrei Sakharov']
        """
        return self._things.all(Person)

    def places(self) -> list[Place]:
        """Give all places, by label.

        >>> next(place.point for place in g.places() if place.label == "Baku")
        (40.37767, 49.89201)
        """
        return self._things.all(Place)

    def locations(self, *, event: str | None = None, as_of: str | date | None = None) -> Located:
        """Give what has coordinates, by label, with how much is said of it; what has none, apart.

        With *event* only what claims about it, and about its wider and narrower events, name; with *as_of* (ISO date) only what had
        been reported by that day. Raises QueryError, NotFound as :meth:`claims` does.

        >>> [(each.label, each.counts.photographs) for each in g.locations(event="baku-1990-01").locations]
        [('Baku', 0)]
        >>> next(each.counts for each in g.locations().locations if each.label == "Baku").photographs
        2
        """
        about = tuple(self._lookup.bands(event, True)) if event is not None else ()
        until = day_of(as_of) if as_of is not None else None
        return self._locations.all(self.veiled, about=about, as_of=until)

    def location(self, name: str) -> Location | None:
        """Give the coordinates of one resource with where they come from, None where it has none of its own. Raises as :meth:`thing` does.

        >>> found = g.location("baku")
        >>> found.latitude, found.digits, found.graph.title
        (40.37767, 5, 'Coordinates and place identifiers from GeoNames')
        """
        return self._locations.one(self._lookup.find(name, ("place", *TYPES)))

    def photographs(self) -> list[Photograph]:
        """Give all photographs, by label.

        >>> photograph = g.photographs()[11]
        >>> photograph.label, str(photograph.dateline), photograph.depicted
        ('Photograph 12: debris in Lenin Avenue, Baku', '1990-01-19', '1990-01-14')
        """
        return self._things.all(Photograph)

    def works(self) -> list[Work]:
        """Give all publications, pages and comments, by label."""
        return self._things.all(Work)

    def thing(self, name: str, kind: str = "") -> Thing:
        """Give any resource by IRI, prefixed name, slug, label or recorded name, one of *kind* (``place``) where given.

        Raises NotFound, QueryError where the name may mean several, and for what was taken back Gone, which says why and when.

        >>> g.thing("krasnovodsk", "place").get("skos:hiddenLabel")
        'Krasnovdsk'
        >>> g.thing("Krasnovodosk").label
        'Krasnovodsk'
        """
        return self._things.one(self._lookup.meaning(name, (kind,) if kind else TYPES))

    def search(self, words: str, *, kind: str = "", limit: int = LIMIT) -> Found:
        """Give the resources whose names, labels or titles are *words*, begin so, or are like them, at most *limit*, the likest first.

        *words* may be in Latin, Cyrillic or Armenian letters, and misspelled; *kind* is a type of resource (``person``) or a class
        (``photograph``). Each hit has the form that matched, as the graph attests it, and says how. Where there is none, ``suggestions`` are the
        nearest, and ``remedy`` says what to do. Hits that are ``veiled`` the collection asks outputs to hide.

        A release built without an index, and an endpoint, have one made in memory with the first search, which reads all names. Raises
        QueryError for a search that is empty, too long or of an unknown kind; QueryTooLarge where there are too many names for that;
        QueryTimeout.

        >>> for hit in g.search("Мусесова"):
        ...     print(hit.role, "|", hit.label, "|", hit.form, "|", hit.why)
        author | Irina Mosesova | Ирина Мосесова | name, 1 letter other
        >>> [(hit.label, hit.why) for hit in g.search("Krasnovodosk", kind="place")]
        [('Krasnovodsk', 'misspelling, the same')]
        """
        return self._finder.find(words, kind, limit)

    @property
    def kinds(self) -> Mapping[str, int]:
        """The kinds that a search may be narrowed to, each with how many resources are of it, the largest first. Raises as :meth:`search`.

        >>> g.kinds["person"]
        11
        """
        return self._finder.kinds
