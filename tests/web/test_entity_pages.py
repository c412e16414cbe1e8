"""Pages of things: for each kind what its reader asks first, with rows typed from the data of the real collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
from test_documents import Page
from test_paging import Watched

import kg
import running
import velmora
from kg.documents.addresses import Addresses
from kg.documents.contents import contents
from kg.names import KG, RDF, SCHEMA
from kg.pages.lookups import COUNTED, LISTED
from kg.pages.pages import Pages
from kg.web.app import create_app

BROWSER = {"Accept": running.BROWSER}


def page(client: httpx.Client, path: str) -> Page:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, path
    return Page(answer.text)


class Spaced(Page):
    """A page whose text has a space where a block begins."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag not in ("a", "bdi", "span", "time", "code"):
            self.text += " "


def told(client: httpx.Client, path: str, end: str = "The record: all") -> str:
    """Give the text of a page up to its record, with single spaces."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, path
    return " ".join(Spaced(answer.text).text.partition(end)[0].split())


def in_order(text: str, *words: str) -> None:
    """See that *words* stand in *text* one after the other."""
    at = 0
    for word in words:
        assert word in text[at:], (word, text[at : at + 600])
        at = text.index(word, at) + len(word)


# ---------------------------------------------------------------------- events


def test_an_event_says_when_where_and_on_whose_word(client: httpx.Client) -> None:
    text = told(client, "/event/baku-1990-01")
    in_order(
        text,
        "When from 13 to 19 January 1990",
        "Beginning and end are both said.",
        "as said by Attest (derived)",
        "Where Baku as said by Associated Press → Asbarez; Asbarez",
        "Part of Violence in Azerbaijan, January 1990",
    )


def test_the_parts_of_an_event_come_in_the_order_of_a_readers_questions(client: httpx.Client) -> None:
    text = told(client, "/event/baku-1990-01")
    in_order(
        text,
        "Figures 21",
        "deaths 15 compare the 15 figures",
        "hundreds dead",
        "an estimated 300 dead",
        "an unknown number dead",
        "Who took part, and whom it concerned",
        "was directed against Armenian population of Baku",
        "Dates 6",
        "What else is said",
        "took place in Baku",
        "How it is characterised",
        "What sources call it",
        "What is not known from this record",
        "Of events that it is part of",
    )
    own, _, wider = text.partition("Of events that it is part of")
    assert "at least 32 dead" not in undrawn(own)
    in_order(
        wider, "deaths 4", "at least 32 dead", "at least 37 dead", "at least 37 dead", "at least 56 dead"
    )


def test_words_that_several_say_stand_once_with_each_voice(client: httpx.Client) -> None:
    text = told(client, "/event/baku-1990-01")
    own = text.partition("Of events that it is part of")[0]
    assert own.count("took place in Baku") == 1
    in_order(
        own, "took place in Baku", "1990-01-16", "Associated Press Asbarez this claim", "undated Asbarez"
    )


def test_blame_names_and_characterisations_are_the_speakers(client: httpx.Client) -> None:
    text = told(client, "/event/azerbaijan-1990-01")
    in_order(
        text,
        "Who is held responsible 1 These are the speakers’ words and not a finding of this record.",
        "is attributed to people said to have attacked, caption 2",
        "How it is characterised 1 In the speakers’ words.",
        "“bloody”",
        "What sources call it 3 In the speakers’ words; the heading is ours.",
        "“ethnic violence”",
        "“brutal pogroms”",
        "“clashes”",
    )


def test_narrower_events_stand_by_day(client: httpx.Client) -> None:
    text = told(client, "/event/azerbaijan-1990-01")
    in_order(
        text,
        "Events that are part of it 2",
        "from 13 to 19 January 1990 Violence in Baku, January 1990",
        "no date Fighting in Azerbaijan in which a captain was wounded",
    )


def test_an_event_without_date_or_place_says_so(client: httpx.Client) -> None:
    text = told(client, "/event/karabakh-war")
    in_order(text, "When No date is recorded.", "Where No place is recorded.")
    in_order(
        text,
        "What is not known",
        "No claim gives it a date.",
        "No claim says where",
        "No claim gives a number.",
    )


# ---------------------------------------------------------------------- as known on a day


def undrawn(text: str) -> str:
    """Give the words of a page of an event but for the figures that are drawn side by side, which wider and narrower events have a part in."""
    return re.sub(r"\w+: \d+ claims, not reconciled.*?Compare them, as a table too", "", text)


def test_what_had_been_said_by_a_day(client: httpx.Client) -> None:
    text = told(client, "/event/azerbaijan-1990-01?as-of=1990-01-16")
    assert "Limited to what had been said by 1990-01-16." in text
    own = undrawn(text.partition("Of events that are part of it")[0])
    assert "at least 32 dead" in own
    assert own.count("at least 37 dead") == 2
    assert "at least 56 dead" not in own
    assert "/event/azerbaijan-1990-01" in page(client, "/event/azerbaijan-1990-01?as-of=1990-01-16").hrefs()


def test_what_is_undated_stands_apart(client: httpx.Client) -> None:
    text = told(client, "/event/baku-1990-01?as-of=1990-01-20")
    own = undrawn(text.partition("Of events that it is part of")[0])
    dated, _, undated = own.partition("Not dated")
    assert "an estimated 300 dead" not in dated
    assert "an estimated 300 dead" in undated
    assert "took place in Baku" in dated
    assert "derived by the project" not in own


@pytest.mark.parametrize("path", ["/event/baku-1990-01", "/person/viktor-spiridonov", "/place/baku"])
@pytest.mark.parametrize("day", ["1990", "1990-02-30", "yesterday", "1990-01-16T00:00:00", "%D9%A1"])
def test_what_is_no_day_is_refused(client: httpx.Client, path: str, day: str) -> None:
    answer = client.get(f"{path}?as-of={day}", headers=BROWSER)
    assert answer.status_code == 400
    assert "write for example 1990-01-16" in answer.text


def test_a_day_limits_people_and_places_too(client: httpx.Client) -> None:
    assert "was wounded in" in told(client, "/person/viktor-spiridonov?as-of=1990-01-15")
    assert "was wounded in" not in told(client, "/person/viktor-spiridonov?as-of=1990-01-14")
    in_order(told(client, "/place/baku?as-of=1990-01-16"), "Events here 2", "Violence in Baku", "Evacuation")


# ---------------------------------------------------------------------- people


def test_a_person_is_introduced_by_their_role(client: httpx.Client) -> None:
    text = told(client, "/person/viktor-spiridonov")
    in_order(
        text,
        "Whoever this is may be living.",
        "Who works as captain as said by Associated Press → Asbarez",
        "belonged to Internal forces of the Soviet Union",
        "Known from captain receiving treatment, photograph 2",
        "Caption of photograph 2",
        "Photograph 2: captain being treated in Yerevan",
        "Viktop Spiridonov en misspelling read as Viktor Spiridonov Caption of photograph 2",
        "was treated by doctor",
        "was wounded in",
    )
    assert text.count("works as captain") == 1


def test_an_author_has_works_and_names_in_each_script(client: httpx.Client) -> None:
    text = told(client, "/person/irina-mosesova")
    in_order(
        text,
        "Irina Mosesova en name",
        "Ирина Мосесова ru name",
        "Works",
        "Armenians of Baku: Genesis and Exodus",
    )


def test_the_name_of_who_comments_is_folded_up(client: httpx.Client, archive: kg.Archive) -> None:
    text = client.get("/person/asbarez-91953-reader-2", headers=BROWSER).text
    handle = archive.label(archive.thing("person:asbarez-91953-reader-2").get("skosxl:altLabel")).strip("“”")
    fold = text.index("<details><summary>The name under which the comments stand</summary>")
    assert text.index(handle) > fold


def test_somebody_shown_and_not_named(client: httpx.Client) -> None:
    text = told(client, "/obs/asbarez-c08-child")
    in_order(
        text,
        "child, not named, photograph 8",
        "The heading is our label; the source gives no name.",
        "Role child, person being evacuated",
        "Stands in Caption of photograph 8",
        "Marked for a minor is shown",
        "Photograph 8: person with a child waiting for a ferry in Baku",
    )
    in_order(told(client, "/group/asbarez-c02-attackers"), "A group of people", "“gangs”", "is attributed to")


# ---------------------------------------------------------------------- places, voices


def test_a_place_has_each_spelling_where_it_stands(client: httpx.Client) -> None:
    text = told(client, "/place/krasnovodsk")
    in_order(
        text,
        "Where it lies lies in Turkmen SSR as said by Associated Press → Asbarez",
        "Coordinates 40.02216, 52.95517",
        "GeoNames",
        "Krasnovodsk en name Caption of photograph 6, Caption of photograph 9",
        "Krasnovdsk en misspelling read as Krasnovodsk Caption of photograph 4",
        "Krasnovodosk en misspelling read as Krasnovodsk Caption of photograph 9",
        "Photographs whose captions only mention it 3",
    )


def test_a_place_has_its_events_and_the_photographs_that_show_it(client: httpx.Client) -> None:
    text = told(client, "/place/baku")
    in_order(
        text,
        "Events here 4",
        "Violence in Baku, January 1990 took place in Baku",
        "Photographs that show it 2",
        "Photograph 4: old woman boarding a ferry in Baku",
        "Photograph 8: person with a child",
        "only mention it 5",
        "Said to lie in it 1",
        "Lenin Avenue, Baku lies in Baku",
    )


def test_a_voice_says_passes_on_and_publishes(client: httpx.Client, archive: kg.Archive) -> None:
    said = archive.claims(claimant="org:associated-press")
    text = told(client, "/org/associated-press")
    in_order(
        text,
        f"Speaks in {len(said)} claims",
        "Passed on 18 claims of others",
        "What it says",
        "What it passed on",
    )
    in_order(told(client, "/org/asbarez"), "What it published", "What it holds")
    assert "one such voice stands for one text" in told(client, "/voice/asbarez-91953-unstated")


# ---------------------------------------------------------------------- photographs, publications, passages


def test_three_days_of_a_photograph_are_held_apart(client: httpx.Client) -> None:
    text = told(client, "/photo/asbarez-12")
    in_order(
        text,
        "Shows 14 January 1990",
        "as said by Associated Press → Asbarez",
        "Date line 1990-01-19",
        "Published not stated",
        "The date line is not the day that it shows. date line of the 19th, day shown the 14th.",
        "shows debris in a street",
        "place shown Lenin Avenue, Baku",
    )
    hrefs = page(client, "/photo/asbarez-12").hrefs()
    assert {"/photo/asbarez-11", "/photo/asbarez-13", "/caption/asbarez-12"} <= set(hrefs)
    side = told(client, "/photo/asbarez-12", "This graph compiles")
    assert "Credit “AP”, read as Associated Press" in side
    assert "copyright not evaluated" in side
    assert "12 of 18" in side


def test_a_photograph_without_date_line_says_so(client: httpx.Client) -> None:
    assert "Date line none" in told(client, "/photo/asbarez-17")
    assert "Credit none printed" in told(client, "/photo/asbarez-17", "This graph compiles")


def test_what_is_veiled_in_a_caption_is_folded_up(client: httpx.Client) -> None:
    for path in (
        "/photo/asbarez-09",
        "/person/a-gulamiryan",
        "/caption/asbarez-09",
        "/passage/asbarez-c09-s3",
    ):
        text = client.get(path, headers=BROWSER).text
        for words in re.finditer("injured at the (?:arm|head|leg)", text):
            before = text[: words.start()]
            assert before.count("<details") > before.count("</details>"), path


def test_a_book_has_a_statement_with_its_speaker_and_checked_isbns(client: httpx.Client) -> None:
    text = told(client, "/work/mosesova-armenians-of-baku")
    in_order(
        text,
        "Author Irina Mosesova",
        "Publisher Hayastan",
        "Published 1998",
        "Pages 336",
        "5-540-01700-5 its check digit fits",
        "9785540017008 its check digit fits",
        "Armenians of Baku: Genesis and Exodus en name",
        "Bibliographic statement",
        "author Irina Mosesova",
        "reader, comment 2",
        "is not translated into en denied",
    )


def test_a_source_is_a_table_of_contents_of_its_evidence(client: httpx.Client, archive: kg.Archive) -> None:
    text = told(client, "/source/asbarez-91953")
    resting = sum(1 for claim in archive.claims() if claim.passages)
    in_order(
        text,
        "Published by Asbarez",
        f"Evidence 69 passages, {resting} claims, 9 voices, 78 notes on its slips and gaps",
        "11,156 characters",
        "839fa9041d2da55902000d5029075cbcbf4984ee568528141671ef64b1bce7c1",
        "kg verify COPY --source asbarez-91953-1",
        "Voices heard in it 9",
        "Associated Press 186 claims",
        "Evidence, in the order of the text 69 passages",
        "Characters 0 to 64 Article of web page 91953 of Asbarez 2 claims",
        "What a reader should know of it 78",
    )
    in_order(
        told(client, "/caption/asbarez-12"),
        "Caption of Photograph 12",
        "2 passages",
        "shows debris in a street",
    )
    assert "kg verify COPY --source asbarez-91953-1" in told(client, "/text/asbarez-91953-1")


def test_a_passage_says_where_it_stands_and_what_rests_on_it(client: httpx.Client) -> None:
    text = told(client, "/passage/asbarez-c08-s2")
    in_order(
        text,
        "Caption of photograph 8, characters 4003 to 4186",
        "of 11156",
        "its words are not shown",
        "8e2ec1fc2dda2c1faa58d65f200f173aa9a117fe283a11d6a9e67fa4cd646028",
        "What rests on it 8",
        "at least 56 dead",
    )
    assert {"/passage/asbarez-c08-s1", "/passage/asbarez-c09-s1"} <= set(
        page(client, "/passage/asbarez-c08-s2").hrefs()
    )


# ---------------------------------------------------------------------- claims, notes of the project


def test_a_claim_has_its_chain_its_scope_and_its_evidence(client: httpx.Client) -> None:
    text = told(client, "/claim/asbarez-c02-s2-01")
    in_order(
        text,
        "Violence in Azerbaijan, January 1990: at least 32 dead",
        "One source says this.",
        "speaker official Soviet media passed it on Associated Press published it Asbarez",
        "Said no later than 1990-01-15",
        "stated in the text",
        "comparator: at least",
        "whom people, without distinction where not stated",
        "since 1990-01-13 until not stated for how long not stated",
        "Caption of photograph 2, characters 2251 to 2370",
        "95d197b13ba8f045113eedb80bb8c7b96e219857dc7c77c16c7fdaa529a39425",
        "Nothing: what such claims say is never stated as a plain fact.",
    )


def test_how_a_claim_stands_to_others(client: httpx.Client) -> None:
    in_order(
        told(client, "/claim/asbarez-c03-s2-01"),
        "for how long 3 days",
        "It is narrowed by",
        "at least 37 dead",
    )
    in_order(told(client, "/claim/asbarez-c05-s2-01"), "It narrows", "at least 37 dead")


def test_a_derived_claim_shows_its_premises_and_what_is_published(client: httpx.Client) -> None:
    text = told(client, "/claim/attest-baku-interval")
    in_order(
        text,
        "The project derived it from other claims.",
        "speaker Attest",
        "Derived by",
        "Rests on",
        "until 19 January 1990",
        "from 13 January 1990",
        "The release states it plainly",
    )
    assert "Nothing: the claims about it do not agree" in told(client, "/claim/asbarez-p1-s1-01")


def test_what_the_project_noticed_and_decided(client: httpx.Client, archive: kg.Archive) -> None:
    text = told(client, "/anomaly/asbarez-c04-port")
    in_order(
        text,
        "name of a port without its third vowel",
        "misspelling",
        "Krasnovodsk",
        "“Krasnovdsk”",
        "photograph 4",
    )
    (decision,) = {
        quad.subject.value for quad in archive.quads() if quad.predicate.value.endswith("#rejects")
    }
    text = told(client, "/decision/" + decision.rpartition("/")[2])
    in_order(text, "Outcome", "Decided by", "What it decides", "What it does not follow")


# ---------------------------------------------------------------------- every page


PATHS = [
    "/event/baku-1990-01", "/person/viktor-spiridonov", "/obs/asbarez-c08-child", "/group/asbarez-c02-attackers", "/place/baku", "/org/asbarez",
    "/photo/asbarez-12", "/work/mosesova-armenians-of-baku", "/source/asbarez-91953", "/text/asbarez-91953-1", "/passage/asbarez-c08-s2",
    "/claim/asbarez-c02-s2-01", "/claim/attest-baku-interval", "/anomaly/asbarez-c04-port", "/concept/captain", "/name/krasnovodsk-form-1",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_headings_are_in_order_and_anchors_are_there_once(client: httpx.Client, path: str) -> None:
    shown = page(client, path)
    levels = [int(tag[1]) for tag, _ in shown.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = [attrs["id"] for _, attrs in shown.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = {name for _, attrs in shown.tags for name in (attrs.get("aria-labelledby") or "").split()}
    anchors = {href[1:] for href in shown.hrefs() if href.startswith("#")}
    assert named | anchors <= set(ids)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_lost_for_who_reads_the_record(
    client: httpx.Client, archive: kg.Archive, path: str
) -> None:
    iri = f"{archive.base.iri}id{path}"
    shown = page(client, path)
    number = len({quad.triple for quad in archive.store.about(iri)})
    if not path.startswith(("/concept", "/name")):
        assert f"The record: all {number} statements" in shown.text
    asked = [href for href in shown.hrefs() if "DESCRIBE" in href]
    assert asked == [f"/sparql?query={quote(f'DESCRIBE <{iri}>', safe='')}"]
    assert client.get(asked[0], headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_questions_that_a_page_leads_to_have_an_answer(client: httpx.Client, path: str) -> None:
    questions = {href for href in page(client, path).hrefs() if href.startswith("/queries/")}
    assert questions or path.startswith(("/text", "/concept", "/name"))
    for href in questions:
        answer = client.get(href, headers={"Accept": "application/json"})
        assert answer.status_code == 200, href


def test_claims_cited_from_a_work_name_it() -> None:
    archive = kg.open(velmora.built())
    cited = next(
        quad.subject.value
        for quad in archive.quads()
        if quad.predicate.value.endswith("#citation") and "/id/claim/" in str(quad.subject)
    )
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        text = told(client, cited.partition("/id")[2])
    in_order(text, "Evidence", "Cited from", "its text was not captured")


# ---------------------------------------------------------------------- the words of a copy


@pytest.fixture(scope="module")
def wordy() -> Iterator[httpx.Client]:
    """A server that shows words for two passages."""
    archive = kg.open(velmora.built())
    words = {archive.base.id("passage", slug): f"Words of <{slug}>." for slug in ("p2", "c1")}
    with (
        running.serving(archive, app=create_app(archive, words=words)) as url,
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def test_words_stand_where_whoever_runs_the_server_shows_them(wordy: httpx.Client) -> None:
    for path in ("/passage/p2", "/claim/at-least"):
        text = told(wordy, path)
        assert "Words of <p2>." in text
        assert "belong to others" in text
        assert "are not shown" not in text
    assert "its words are not shown" in told(wordy, "/passage/p1")
    assert "Words of" not in wordy.get("/passage/p2.ttl").text


def test_words_under_a_veiled_claim_are_folded_up(wordy: httpx.Client) -> None:
    for path in ("/passage/c1", "/claim/death"):
        text = wordy.get(path, headers=BROWSER).text
        before = text[: text.index("Words of &lt;c1&gt;.")]
        assert before.count("<details") > before.count("</details>"), path


# ---------------------------------------------------------------------- many


def test_a_page_costs_no_more_than_it_shows() -> None:
    """Of what thousands of statements lead to, a page lists the first and says how many more there are."""
    archive = kg.open(velmora.built())
    id, many = archive.base.id, 3_000
    event, node = id("event", "velmora-1901"), ox.NamedNode
    inner = ox.Store()
    inner.bulk_extend(archive.quads())
    for number in range(many):
        narrower, claim = node(id("event", f"narrower-{number}")), node(id("claim", f"naming-{number}"))
        inner.add(ox.Quad(narrower, node(SCHEMA + "superEvent"), node(event)))
        for property, value in (
            (RDF + "type", node(KG + "Claim")),
            (RDF + "type", node(KG + "RelationClaim")),
            (RDF + "subject", narrower),
            (RDF + "predicate", node(KG + "followed")),
            (RDF + "object", node(event)),
            (KG + "status", node(KG + "recorded")),
            (KG + "polarity", node(KG + "asserted")),
            (KG + "claimant", node(id("org", "harbour-office"))),
        ):
            inner.add(ox.Quad(claim, node(property), value))
    store = Watched(inner, archive.store.default_graph)
    large = kg.Archive(store, archive.manifest, archive.catalog, archive.directory)
    pages = Pages(large, Addresses(large.base))
    store.given = 0
    text = pages.document(contents(large, pages.descriptions, event), (), {})
    assert store.given < 12 * COUNTED
    assert "901 or more" in " ".join(re.sub("<[^>]*>", " ", text).split())
    assert text.count("followed") < 2 * LISTED
