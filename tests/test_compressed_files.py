"""Compressed files: read back by the system's own tools, the same bytes each time, and no end where there is none."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.compression import bare, is_packed, packed

if sys.version_info >= (3, 14):
    from compression.zstd import decompress as unzstd
else:
    import zstandard

    def unzstd(data: bytes) -> bytes:
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)


READERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".zst": unzstd}
suffixes = pytest.mark.parametrize("suffix", READERS)


def pack(pieces: list[bytes], name: str) -> bytes:
    out = io.BytesIO()
    with packed(out, Path(name)) as file:
        for piece in pieces:
            assert file.write(piece) == len(piece)
    return out.getvalue()


@suffixes
@given(pieces=st.lists(st.binary(max_size=2_000), max_size=5))
def test_what_was_written_is_read_back(suffix: str, pieces: list[bytes]) -> None:
    assert READERS[suffix](pack(pieces, f"x{suffix}")) == b"".join(pieces)


@suffixes
def test_the_name_and_the_time_do_not_matter(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = [b"a" * 1_000, b"b"]
    first = pack(data, f"one.ttl{suffix}")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert pack(data, f"dir/two.nq{suffix.upper()}") == first
    assert b"one" not in first


def test_the_head_of_gzip_has_neither_time_nor_name() -> None:
    magic, flags, time = (data := pack([b"a"], "x.gz"))[:2], data[3], data[4:8]
    assert (magic, flags, time) == (b"\x1f\x8b", 0, bytes(4))


def test_zstandard_has_a_checksum() -> None:
    assert pack([b"a"], "x.zst")[:4] == bytes.fromhex("28b52ffd")
    assert pack([b"a"], "x.zst")[4] & 4  # RFC 8878 §3.1.1.1.1


@pytest.mark.parametrize("program", ["gzip", "zstd"])
def test_the_programs_of_the_system_read_it(program: str) -> None:
    data = pack([b"line\n" * 5_000], {"gzip": "x.gz", "zstd": "x.zst"}[program])
    try:
        done = subprocess.run([program, "-dc"], input=data, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip(f"{program} is not installed")
    assert (done.returncode, done.stdout) == (0, b"line\n" * 5_000)


def test_what_breaks_off_has_no_end() -> None:
    out = io.BytesIO()
    with pytest.raises(KeyError), packed(out, Path("x.gz")) as file:
        file.write(b"half of it")
        raise KeyError
    with pytest.raises(EOFError):
        gzip.decompress(out.getvalue())
    assert zlib.decompressobj(31).decompress(out.getvalue()) in (b"", b"half of it")


@pytest.mark.parametrize(
    ("name", "plain"),
    [("x.ttl.gz", "x.ttl"), ("d.gz/x.ttl", None), ("x.ZST", "x"), ("x", None), (".gz", None), ("-", None)],
)
def test_what_a_name_stands_for(name: str, plain: str | None) -> None:
    assert is_packed(Path(name)) == (plain is not None)
    assert bare(Path(name)) == Path(plain or name)
    assert plain or pack([b"as it is"], name) == b"as it is"
