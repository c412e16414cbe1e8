"""Virtuoso 7 on loopback, in a directory of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scaling.watching import last_line

PATIENCE: Final = 60.0
"""Seconds in which the server has to start."""
BUFFERS: Final = 340_000
"""Pages of 8 KiB that it may hold: what its manual gives for 4 GB."""
_DATABASE: Final = "virtuoso.db"
_CONFIGURATION: Final = """[Database]
DatabaseFile = {database}
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {data}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ServerThreads = 10
CheckpointInterval = 0
[SPARQL]
ResultSetMaxRows = 1000000
"""


class NoVirtuoso(Exception):
    """The server is not there or does not start, and why."""


@dataclass(slots=True)
class Virtuoso:
    """A server whose database is in *directory*, which is its own; ``port`` and ``process`` are those of the one that runs."""

    directory: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def fresh(self, data: Path) -> None:
        """Start it anew with an empty database; it may read files in the directory *data*. Raises NoVirtuoso."""
        program = shutil.which("virtuoso-t") or shutil.which("virtuoso-opensource-t")
        if program is None or self.client is None:
            raise NoVirtuoso("virtuoso-t and isql-vt are not on PATH (Debian: virtuoso-opensource-7-bin)")
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = int(found.getsockname()[1])
        settings = _CONFIGURATION.format(
            database=_DATABASE, port=self.port, data=data, buffers=BUFFERS, dirty=BUFFERS * 3 // 4
        )
        (self.directory / "virtuoso.ini").write_text(settings, encoding="utf-8")
        with (self.directory / "output").open("wb") as out:
            self.process = subprocess.Popen(
                [program, "+foreground", "+configfile", "virtuoso.ini"], cwd=self.directory,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                said = last_line((self.directory / "output").read_text(errors="replace"))
                self.stop()
                raise NoVirtuoso(f"it does not start: {said}")
            time.sleep(0.2)

    @property
    def client(self) -> str | None:
        """The program that asks it, None where there is none."""
        return shutil.which("isql-vt") or shutil.which("isql-v")

    def command(self, *statements: str) -> list[str]:
        """Give the command that runs *statements* and prints rows, columns apart by semicolons."""
        options = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ECHO=OFF", "CSV=ON", "ERRORS=STDOUT")
        text = " ".join(f"{statement};" for statement in statements)
        return [self.client or "isql-vt", f"127.0.0.1:{self.port}", "dba", "dba", *options, f"EXEC={text}"]

    def stop(self) -> None:
        """End it, if it runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        done = subprocess.run(
            self.command("select 1"), check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=30
        )
        return done.stdout.strip() == b"1"
