"""Compression: by Accept-Encoding, with an ETag for each coding, whole or not at all."""

from __future__ import annotations

import gzip
import zlib

import httpx
import pytest
import wire
from hypothesis import given
from hypothesis import strategies as st

import kg
import running
from kg.web.compression import CODINGS, chosen

ALL = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
PAGE = "/event/baku-1990-01"
FILE = "/download/tables/places.csv"
LARGE = "/download/dataset.nt"  # which comes in pieces, and is not kept


def raw(client: httpx.Client, method: str, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Give an answer and its body as it was sent."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream(method, path, headers=names) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    "path", [PAGE, PAGE + ".html", ALL, FILE, LARGE, "/ns", "/queries", "/metrics", "/nowhere/" + "x" * 2000]
)
def test_the_same_bytes_smaller(client: httpx.Client, path: str) -> None:
    plain, body = raw(client, "GET", path, Accept_Encoding="identity")
    packed, small = raw(client, "GET", path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert plain.status_code == packed.status_code
    if path == "/metrics":  # counts, which go on
        assert gzip.decompress(small)[:200] == body[:200]
        return
    if len(body) < 1024:
        assert small == body
        return
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small) == body
    assert len(small) < len(body) / 2
    assert "Accept-Encoding" in plain.headers["vary"]
    assert packed.headers["vary"] == plain.headers["vary"]
    assert plain.headers["content-length"] == str(len(body))
    assert packed.headers.get("content-length", str(len(small))) == str(len(small))


def test_the_vary_of_negotiation_stays(client: httpx.Client) -> None:
    assert raw(client, "GET", PAGE, Accept_Encoding="gzip")[0].headers["vary"] == "Accept, Accept-Encoding"
    assert raw(client, "GET", FILE, Accept_Encoding="gzip")[0].headers["vary"] == "Accept-Encoding"


def test_it_is_the_same_each_time_and_has_no_time_in_it(client: httpx.Client) -> None:
    one, two = (raw(client, "GET", path, Accept_Encoding="gzip")[1] for path in (PAGE, PAGE))
    assert one == two
    assert one[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize(
    "path", [FILE, LARGE, "/dataset.ttl", "/queries/claims-by-measure.csv", "/sitemap.xml", ALL]
)
def test_each_coding_has_its_own_etag(client: httpx.Client, path: str) -> None:
    plain = raw(client, "GET", path, Accept_Encoding="identity")[0].headers["etag"]
    packed = raw(client, "GET", path, Accept_Encoding="gzip")[0].headers["etag"]
    assert packed == f'{plain[:-1]}-gzip"'
    for accepted, known, status, told in (
        ("gzip", packed, 304, packed),
        ("gzip", f'"x", W/{packed.removeprefix("W/")}', 304, packed),
        ("identity", plain, 304, plain),
        ("identity", packed, 200, plain),
        ("gzip", '"x-gzip"', 200, packed),
    ):
        answer, body = raw(client, "GET", path, Accept_Encoding=accepted, If_None_Match=known)
        assert (answer.status_code, answer.headers["etag"]) == (status, told)
        assert bool(body) is (status == 200)
        assert "Accept-Encoding" in answer.headers["vary"]
    # what is kept compressed is given so; else the plain one that the client has is still good
    answer, body = raw(client, "GET", path, Accept_Encoding="gzip", If_None_Match=plain)
    assert (answer.status_code, answer.headers["etag"], bool(body)) in (
        (304, plain, False),
        (200, packed, True),
    )


def test_parts_are_parts_of_the_plain_file(client: httpx.Client) -> None:
    plain, body = raw(client, "GET", FILE, Accept_Encoding="identity")
    part, piece = raw(client, "GET", FILE, Accept_Encoding="gzip", Range="bytes=100-4099")
    assert (part.status_code, piece) == (206, body[100:4100])
    assert "content-encoding" not in part.headers
    assert part.headers["etag"] == plain.headers["etag"]
    packed = raw(client, "GET", FILE, Accept_Encoding="gzip")[0]
    assert "accept-ranges" not in packed.headers
    resumed, all_of_it = raw(
        client, "GET", FILE, Accept_Encoding="gzip", Range="bytes=100-", If_Range=packed.headers["etag"]
    )
    assert (resumed.status_code, all_of_it) == (200, body)


@pytest.mark.parametrize(
    "path", [PAGE, FILE, LARGE, ALL, "/queries", "/static/style.css", "/download/tables/claims.csv"]
)
def test_head(client: httpx.Client, path: str) -> None:
    for accepted in ("gzip", "identity"):
        got = raw(client, "GET", path, Accept_Encoding=accepted)[0].headers
        asked, body = raw(client, "HEAD", path, Accept_Encoding=accepted)
        assert body == b""
        left = {"date", "content-length", "transfer-encoding"}  # what is made as it is sent has no length
        assert {name: got[name] for name in got.keys() - left} == {
            name: asked.headers[name] for name in asked.headers.keys() - left
        }


@pytest.mark.parametrize("kept", [True, False])
def test_an_old_client_gets_a_length(archive: kg.Archive, kept: bool) -> None:
    with running.serving(archive) as url:
        if kept:
            assert httpx.get(url + FILE).headers["content-encoding"] == "gzip"
        answer = wire.exchanged(url, f"GET {FILE} HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    fields = wire.fields(answer)
    assert b"transfer-encoding" not in fields
    assert int(fields[b"content-length"]) == len(answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000, *", "zstd"),
        ("deflate, br", ""),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity, gzip", "gzip"),
        ("identity;q=1, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.9", "gzip"),
        ("gzip;q=2", ""),
        ("gzip;level=9", ""),
        (",,gzip ; q=1.0,,", "gzip"),
    ],
)
def test_what_accept_encoding_likes_best(header: str, coding: str) -> None:
    if coding == "zstd" and "zstd" not in CODINGS:  # before Python 3.14
        coding = "gzip" if "gzip;q=0" not in header else ""
    assert chosen(header) == coding


@given(st.text(max_size=80))
def test_any_accept_encoding_is_read(header: str) -> None:
    assert chosen(header) in ("", *CODINGS)


@given(st.lists(st.binary(max_size=4000), max_size=8))
def test_pieces_make_a_whole(pieces: list[bytes]) -> None:
    packed = CODINGS["gzip"]()
    body = b"".join(packed.compress(piece) for piece in pieces) + packed.flush()
    assert zlib.decompress(body, 16 + zlib.MAX_WBITS) == b"".join(pieces)
