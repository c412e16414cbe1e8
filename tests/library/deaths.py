"""What sources say of the dead of January 1990 in Baku, typed from the text and from the table of figures, for tests to compare with."""

from __future__ import annotations

THIS, WIDER = "Violence in Baku, January 1990", "Violence in Azerbaijan, January 1990"
DEATHS = [
    # typed from the text and from the table of figures: band, event, as of, words, scope, voices, shape, its ends, origin
    ("same", THIS, "1990-01-14", "25 dead", "where: Baku · not stated: whom, when", "TASS and Radio Moscow → Associated Press", "unqualified", (25, 25), "A"),
    ("same", THIS, "1990-01-14", "most of the dead", "whom: Armenians · where: Baku · not stated: when", "TASS and Radio Moscow → Associated Press", "words", (None, None), "A"),
    ("same", THIS, "1990-01-15", "more than 30 dead, called unconfirmed", "where: Baku · not stated: whom, when", "Radio Moscow → Los Angeles Times", "from", (30, None), "A"),
    ("same", THIS, "1990-01-15", "25 dead, called preliminary", "where: Baku · not stated: whom, when", "TASS → Los Angeles Times", "unqualified", (25, 25), "A"),
    ("same", THIS, "1990-01-16", "37 dead", "not stated: whom, where, when", "unattributed statements of this report → Pittsburgh Post-Gazette", "unqualified", (37, 37), ""),
    ("same", THIS, "1990-01-16", "33 dead", "where: Baku · when: over 3 days · not stated: whom", "Izvestia → Pittsburgh Post-Gazette", "unqualified", (33, 33), ""),
    ("same", THIS, "2003-12-31", "about 90 dead, called hard to verify", "whom: Armenians · not stated: where, when", "Thomas de Waal", "soft", (90, 90), ""),
    ("same", THIS, "2010-01-20", "between 48 and 66 dead, perhaps more", "not stated: whom, where, when", "Global Voices", "span", (48, 66), ""),
    ("same", THIS, None, "hundreds dead", "when: over 7 days · not stated: whom, where", "Asbarez", "words", (None, None), "B"),
    ("same", THIS, None, "an estimated 300 dead", "whom: Armenians · not stated: where, when", "Asbarez", "soft", (300, 300), "B"),
    ("same", THIS, None, "an unknown number dead", "whom: Armenians · where: Baku · not stated: when", "Asbarez", "unknown", (None, None), "B"),
    ("same", THIS, None, "56 dead", "whom: people, without distinction · not stated: where, when", "Ch. Sultanov", "unqualified", (56, 56), "C"),
    ("same", THIS, None, "42 dead", "whom: Armenians · not stated: where, when", "Ch. Sultanov", "unqualified", (42, 42), "C"),
    ("same", THIS, None, "more than 100 dead", "not stated: whom, where, when", "Aleksan Hakobyan → Wikipedia", "from", (100, None), ""),
    ("same", THIS, None, "48 dead", "not stated: whom, where, when", "Human Rights Watch → Wikipedia", "unqualified", (48, 48), ""),
    ("wider", WIDER, "1990-01-15", "at least 32 dead", "whom: people, without distinction · when: from 13 January 1990 · not stated: where", "official Soviet media → Associated Press → Asbarez", "from", (32, None), "D"),
    ("wider", WIDER, "1990-01-16", "at least 37 dead", "when: over 3 days · not stated: whom, where", "Associated Press → Asbarez", "from", (37, None), "D"),
    ("wider", WIDER, "1990-01-16", "at least 37 dead", "whom: Armenians · where: Azerbaijan SSR · when: over 3 days", "Associated Press → Asbarez", "from", (37, None), "D"),
    ("wider", WIDER, "1990-01-17", "at least 56 dead", "where: Azerbaijan SSR · when: from 13 January 1990 · not stated: whom", "unattributed reports on this page → Associated Press → Asbarez", "from", (56, None), "D"),
]  # fmt: skip
