"""The command ``kg``. Exit codes live here and nowhere else.

0 fine · 1 findings (syntax errors and missing passages among them) · 2 usage · 3 input, output or network · 4 a damaged
release, store or remote answer.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import traceback
from collections.abc import Sequence

import click

from kg.cli.verbs import Verbs
from kg.errors import (
    EvidenceError,
    InvalidGraph,
    KgError,
    NotFound,
    QueryError,
    RemoteError,
    SourceError,
    StoreError,
    Unavailable,
)
from kg.version import __version__

__all__ = ["main"]

FINDINGS, USAGE, INPUT_OUTPUT, DAMAGED = 1, 2, 3, 4

_SELDOM = 50_000, 20, 50
"""When a command's process looks for garbage: as often as Python does by itself, that takes a fifth of a build, which leaves little."""


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Try: kg query claims-by-measure --event baku-1990-01",
)
@click.version_option(__version__, prog_name="kg")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def kg(debug: bool) -> None:
    """Contested history as linked data: who said what, when, and where in which document."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line *arguments* (default: those of the process) and exit with the code of the outcome."""
    given = _own() if arguments is None else list(arguments)
    debug = "--debug" in given
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a name that the terminal's encoding lacks must not end a command
            stream.reconfigure(errors="backslashreplace")
    try:
        code = kg.main([word for word in given if word != "--debug"], prog_name="kg", standalone_mode=False)
        sys.stdout.flush()  # what cannot be written is told here, and not by Python with a code of its own
    except click.exceptions.Abort:
        code = 130
    except SystemExit:  # click ends so where the reader of the output has gone
        code = 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KgError, OSError) as error:
        if debug:
            traceback.print_exc()
        code = _explain(error)
    except Exception as error:  # a defect of ours: still one sentence, and where to look
        if debug:
            traceback.print_exc()
        click.echo(
            f"kg: internal error: {type(error).__name__}: {error}\n→ run again with --debug and report it",
            err=True,
        )
        code = DAMAGED
    _let_go()
    sys.exit(code if isinstance(code, int) else 0)


def _own() -> list[str]:
    """Give the arguments of the process, which is the command's own and ends with it."""
    gc.set_threshold(*_SELDOM)
    return sys.argv[1:]


def _let_go() -> None:
    """Give up what standard output does not take, so that Python does not try once more at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError):
            sys.stdout.close()


def _explain(error: KgError | OSError) -> int:
    """Print one sentence and the remedy; give the exit code."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # the reader has gone; Python would complain once more at exit
        return 0
    if isinstance(error, InvalidGraph):
        from kg.cli.findings import report  # with its colours and carets, which no other command needs

        report(error.report)
    click.echo(f"kg: {_sentence(error)}", err=True)
    if isinstance(error, NotFound) and error.suggestions:
        click.echo(f"→ did you mean {', '.join(error.suggestions)}?", err=True)
    if isinstance(error, KgError) and error.remedy:
        click.echo(f"→ {error.remedy}", err=True)
    if isinstance(error, InvalidGraph | SourceError | EvidenceError):
        return FINDINGS
    declined = isinstance(error, RemoteError) and error.status != 0
    if declined or isinstance(error, OSError | Unavailable) or isinstance(error.__cause__, OSError):
        return INPUT_OUTPUT
    return DAMAGED if isinstance(error, StoreError) else USAGE


def _sentence(error: KgError | OSError) -> str:
    if isinstance(error, QueryError) and error.line:
        return f"line {error.line}, column {error.column}: {error}"
    if isinstance(error, KgError):
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else f"{error.strerror or error}"
