"""Times what it costs that queries run in processes of their own, and what bombs do to others (part of ``make bench``).

The same queries are answered, and their answers written as JSON, in this process and by a pool of workers, in turn and in the
same run. Then a server is asked a trivial question over and over, alone and while eight clients send nothing but bombs.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from urllib.parse import quote, urlsplit

import kg
from kg.formats import SPARQL_JSON
from kg.limits import Limits
from kg.store import EmbeddedStore
from kg.store.embedded import IN_MEMORY
from kg.workers.evaluation import Evaluator
from kg.workers.pool import Pool
from kg.workers.task import Release, Task

REPEATS = 2_000
SECONDS = 10.0
BOMBERS = 8
QUERIES = {
    "ASK {}": "ASK {}",
    "labels of 20 events": "SELECT ?e ?l { ?e a <https://schema.org/Event> ; "
    "<http://www.w3.org/2000/01/rdf-schema#label> ?l } LIMIT 20",
}
BOMBS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "SELECT (COUNT(*) AS ?n) { ?a (<a:b>|!<a:b>)* ?b . ?b (<a:b>|!<a:b>)* ?c }",
    "SELECT (STRLEN(?v32) AS ?n) { BIND('ab' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(32))
    + " }",
)


async def compared() -> list[str]:
    """Give a row for each query: here, in a thread as the library does it, and by a worker."""
    archive = kg.open()
    assert archive.directory is not None
    limits = Limits()
    release = Release(str(archive.directory), archive.base.iri, None, IN_MEMORY, limits.memory)
    store = EmbeddedStore.open(archive.directory)
    here = Evaluator(store, release)
    pool = Pool(release, limits)
    await pool.start()
    lines = []
    for what, text in QUERIES.items():
        task = Task(text, SPARQL_JSON, True, limits.rows, limits.bytes)
        times: list[list[float]] = [[], [], []]
        for _ in range(REPEATS):
            begun = time.perf_counter()
            _, expected = here.reply(task)
            evaluated = time.perf_counter()
            store.query(text)
            asked = time.perf_counter()
            frame = await pool.answer(task)
            with frame.body as body:
                assert body.read() == expected
            done = time.perf_counter()
            for column, seconds in zip(
                times, (evaluated - begun, asked - evaluated, done - asked), strict=True
            ):
                column.append(seconds * 1000)
        bare, thread, pooled = map(statistics.median, times)
        lines.append(
            f"| {what} | {bare:.3f} | {thread:.3f} | {pooled:.3f} | {pooled - bare:.3f} | {pooled / bare:.1f} |"
        )
    await pool.stop()
    return lines


def asked(url: str, seconds: float) -> list[float]:
    """Ask a trivial question for some *seconds* over one connection, and give the milliseconds of each answer, sorted."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.01)
    return sorted(times)


def bombing(url: str, seconds: float) -> Counter[int]:
    """Send bombs from many connections for some *seconds*, each at once after the other, and count the statuses."""
    seen: Counter[int] = Counter()
    end = time.monotonic() + seconds

    def send(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        while time.monotonic() < end:
            connection.request("GET", f"/sparql?query={quote(BOMBS[number % len(BOMBS)])}")
            answer = connection.getresponse()
            answer.read()
            seen[answer.status] += 1
            number += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(BOMBERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def canary() -> list[str]:
    """Give a row for the trivial question alone, one for it under bombs, and what became of the bombs."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write("[limits]\ndeadline = 3\n")
        file.flush()
        command = [sys.executable, "-m", "kg", "serve", "--limits", file.name]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        found = next(match for line in server.stdout if (match := re.search(r"serving on (\S+)", line)))
    url = found[1]
    try:
        alone = asked(url, SECONDS / 2)
        bombers = subprocess.Popen(
            [sys.executable, __file__, "--bomb", url], stdout=subprocess.PIPE, text=True
        )
        time.sleep(1)
        under = asked(url, SECONDS)
        seen = json.loads(bombers.communicate()[0])
    finally:
        server.terminate()
        server.communicate()
    rows = [("alone", alone), (f"while {BOMBERS} clients send bombs", under)]
    lines = [
        f"| {what} | {len(times)} | {statistics.median(times):.1f} | {times[int(len(times) * 0.99)]:.1f} | {times[-1]:.1f} |"
        for what, times in rows
    ]
    became = ", ".join(f"{count} × {status}" for status, count in sorted(seen.items()))
    return [*lines, "", f"The bombs were answered {became}."]


def table() -> str:
    """Run everything and give the figures as Markdown."""
    head = [
        "| query and its answer as JSON, median ms | here | here, in a thread with a deep stack | by a worker | difference | ratio |",
        "|---|---|---|---|---|---|",
    ]
    second = ["", "| `ASK {}` over HTTP | answers | p50 ms | p99 ms | max ms |", "|---|---|---|---|---|"]
    return "\n".join([*head, *asyncio.run(compared()), *second, *canary()])


def main() -> None:
    """Print the table; with --bomb send bombs to a server of this program's own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bomb", metavar="URL", help=argparse.SUPPRESS)
    url = parser.parse_args().bomb
    print(json.dumps(bombing(url, SECONDS + 2)) if url else table())


if __name__ == "__main__":
    main()
