"""A real Virtuoso 7 on loopback, with nothing in it but its own; part "virtuoso"."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import suites

USER, PASSWORD = "pusher", "a password: with signs"
_INI = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = v-temp.db
TransactionFile = v-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 12
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {cap}
"""
CAP = 15_000
"""Rows that the server gives at most, without a word: more than the real collection has statements, and not many more."""
_GRANTS = f"""DB.DBA.USER_CREATE ('{USER}', '{PASSWORD}');
DB.DBA.USER_SET_OPTION ('{USER}', 'PRIMARY_GROUP', 'nobody');
GRANT SPARQL_UPDATE TO {USER};
"""


@contextmanager
def serving(directory: Path) -> Iterator[str]:
    """Serve an empty store whose files lie in *directory*, and give its address, without a path.

    ``/sparql`` is for everybody and reads, ``/sparql-auth`` asks for :data:`USER` by Digest and takes updates.
    """
    program = suites.require("virtuoso")
    client = shutil.which("isql-vt")
    assert client, "isql-vt comes with virtuoso-opensource-7-bin"
    for _ in range(3):  # it takes no port 0, so that another may take one that was found free
        sql, http = _free(), _free()
        (directory / "virtuoso.ini").write_text(_INI.format(sql=sql, http=http, cap=CAP))
        command = [program, "+configfile", "virtuoso.ini", "+foreground"]
        log = (directory / "out").open("wb")
        with log, subprocess.Popen(command, cwd=directory, stdout=log, stderr=log) as server:
            try:
                if _granted(server, client, sql):
                    yield f"http://127.0.0.1:{http}"
                    return
            finally:
                server.kill()
    raise AssertionError((directory / "out").read_text()[-2000:])


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _granted(server: subprocess.Popen[bytes], client: str, port: int) -> bool:
    """Make the user as soon as the server takes commands; tell whether it does."""
    for _ in range(600):
        if server.poll() is not None:
            return False
        done = subprocess.run(
            [client, f"127.0.0.1:{port}", "dba", "dba", "VERBOSE=OFF"],
            input=_GRANTS.encode(),
            capture_output=True,
            check=False,
            timeout=60,
        )
        if done.returncode == 0:
            return b"Error" not in done.stdout + done.stderr
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    return False
