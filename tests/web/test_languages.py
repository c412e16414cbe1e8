"""Languages: names in the language that the reader asks for, as far as the graph attests any, and visibly in another where it does not."""

from __future__ import annotations

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.languages import preferred

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def heading(page: str) -> tuple[str, str]:
    """Give the language and the text of the heading of *page*."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    tag = re.search(r'lang="([^"]*)"', found.group(0))
    return (tag.group(1) if tag else ""), re.sub("<[^>]*>", "", found.group(1)).strip()


@pytest.mark.parametrize(
    ("path", "languages", "expected"),
    [
        ("/place/baku", None, ("en", "Baku")),
        ("/place/baku", "ru", ("ru", "Баку")),
        ("/place/baku", "ru-RU,ru;q=0.9,en;q=0.8", ("ru", "Баку")),
        ("/place/baku", "en-GB,en;q=0.9,ru;q=0.8", ("en", "Baku")),
        ("/place/baku", "de, fr;q=0.5", ("en", "Baku")),
        ("/place/baku", "hy", ("en", "Baku")),
        ("/place/baku?lang=ru", "en", ("ru", "Баку")),
        ("/person/irina-mosesova?lang=ru", None, ("ru", "Ирина Мосесова")),
        ("/place/krasnovodsk?lang=ru", None, ("en", "Krasnovodsk")),
    ],
)
def test_names_are_in_the_language_asked_for(
    client: httpx.Client, path: str, languages: str | None, expected: tuple[str, str]
) -> None:
    headers = BROWSER | ({"Accept-Language": languages} if languages else {})
    for _ in range(3):  # from the store, then from what is kept, then from the bytes of the request
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200
        assert heading(answer.text) == expected
        assert answer.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"


def test_a_name_in_another_language_says_so(client: httpx.Client) -> None:
    page = client.get("/place/baku?lang=ru", headers=BROWSER).text
    assert '<bdi lang="en" class="other">' in page
    assert '<bdi lang="ru" class="other">' not in page
    assert 'class="other"' not in client.get("/place/baku", headers=BROWSER).text


def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(client: httpx.Client) -> None:
    answer = client.get("/place/baku.html?lang=xx")
    assert answer.status_code == 400
    assert "there are en, hy, ru" in answer.text


def test_the_first_page_has_names_in_the_language_asked_for(client: httpx.Client) -> None:
    for path, languages, tag in (("/", "", "en"), ("/", "ru", "ru"), ("/?lang=ru", "en", "ru")):
        answer = client.get(path, headers=BROWSER | {"Accept-Language": languages})
        assert f'lang="{tag}" aria-current="true"' in answer.text
        assert "Accept-Language" in answer.headers["vary"]
    assert client.get("/?lang=xx", headers=BROWSER).status_code == 400


def test_data_do_not_depend_on_the_language(client: httpx.Client) -> None:
    one, other = (
        client.get("/place/baku", headers={"Accept": "text/turtle", "Accept-Language": tag})
        for tag in ("ru", "en")
    )
    assert one.content == other.content
    assert one.headers["vary"] == "Accept, Accept-Encoding"


@given(st.text(), st.lists(st.sampled_from(["en", "hy", "ru", "az-latn"]), min_size=1, unique=True))
def test_any_header_gives_one_of_the_languages(header: str, known: list[str]) -> None:
    assert preferred(header, known) in known


@given(st.lists(st.sampled_from(["en", "hy", "ru"]), min_size=1, max_size=3, unique=True))
def test_the_best_liked_language_wins(liked: list[str]) -> None:
    header = ",".join(f"{tag}-XX;q={1 - number / 10}" for number, tag in enumerate(liked))
    assert preferred(header, ("en", "hy", "ru")) == liked[0]
