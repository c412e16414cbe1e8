"""Tasks and errors cross as JSON, and come out as they were."""

from __future__ import annotations

import json

import pytest

from kg.errors import KgError, NotAcceptable, QueryError, QueryTooLarge
from kg.workers.task import FORMATS, Task, error_of_json, error_to_json


@pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.suffix)
@pytest.mark.parametrize("shown", [None, 5])
def test_a_task(format, shown) -> None:  # type: ignore[no-untyped-def]
    task = Task("SELECT * { ?s ?p 'ü\u2028' }", format, False, 10, 20, shown)
    assert Task.of_json(json.loads(json.dumps(task.to_json()))) == task


@pytest.mark.parametrize(
    "error",
    [
        QueryError("no", line=3, column=7, remedy="do"),
        QueryTooLarge("too much", remedy="less"),
        NotAcceptable("not so", available=("text/turtle", "a/b")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error(error: KgError) -> None:
    again = error_of_json(json.loads(json.dumps(error_to_json(error))))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
