"""Where the time of our web process goes during look-ups, by cProfile: the explanation of an aim that is missed."""

from __future__ import annotations

import json
import pstats
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from peers import OURS
from workloads import WORKLOADS, Collection

SECONDS: Final = 4.0
SHOWN: Final = 14

_PROGRAM: Final = """import cProfile, sys
from kg.cli import main
from kg.web.server import Server
profile, run = cProfile.Profile(), Server.run
file, sys.argv = sys.argv[1], ["kg", *sys.argv[2:]]
Server.run = lambda self, *some, **named: profile.runcall(run, self, *some, **named)
try:
    main()
finally:
    profile.dump_stats(file)
"""
_IDLE: Final = ("select.epoll", "select.poll")


def profile(collection: Collection, file: Path) -> list[str]:
    """Send uncached look-ups to a server under cProfile, write its figures to *file*, and give them by module as Markdown.

    What is seen is the thread of the event loop, which does all the work of a query that is not done by a worker.
    """
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    command = [
        sys.executable,
        "-c",
        _PROGRAM,
        str(file),
        "serve",
        str(collection.release),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        next(line for line in server.stdout if "serving on" in line)
        load = next(load for load in WORKLOADS if load.key == "look-up")
        job = {
            "host": "127.0.0.1",
            "port": port,
            "requests": load.requests(OURS, collection),
            "seconds": SECONDS,
        }
        client = [sys.executable, "-S", str(Path(__file__).with_name("client.py"))]
        for _ in range(2):  # the first to warm up; both are in the figures
            done = subprocess.run(client, input=json.dumps(job), check=True, capture_output=True, text=True)
            time.sleep(0.1)
        answers = 2 * len(json.loads(done.stdout)["times"])
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    return _by_module(file, answers)


def _by_module(file: Path, answers: int) -> list[str]:
    """Give the own time of functions, added up by module, without the waiting."""
    spent: Counter[str] = Counter()
    for (path, _, name), (_, _, own, _, _) in pstats.Stats(str(file)).stats.items():  # type: ignore[attr-defined]
        if not any(idle in name for idle in _IDLE):
            spent[_module(path, name)] += own
    total = sum(spent.values())
    lines = [
        f"cProfile of the event loop during about {answers:,} uncached look-ups, one at a time, without the waiting; "
        "the profiler itself makes small functions look dearer than they are.",
        "",
        "| module | own time |",
        "|---|---|",
    ]
    return lines + [f"| {name} | {seconds / total:.1%} |" for name, seconds in spent.most_common(SHOWN)]


def _module(path: str, name: str) -> str:
    if path == "~":
        return f"`{name.strip('<>')}`" if "socket" in name else "built-in functions"
    if found := re.search(r"/src/(kg/.*)\.py$", path):
        return f"`{found[1].replace('/', '.')}`"
    if found := re.search(r"site-packages/(\w+)", path):
        return f"`{found[1]}`"
    found = re.search(r"python3\.\d+/(\w+)", path)
    return f"`{found[1]}` (standard library)" if found else "other"
