"""What Reflex and its socket server write into logs: where and what kind, never what it was about.

Reflex logs an unknown event's payload, headers with the session's cookie, and exceptions whose text carries arguments.
While the web serves, a record of those libraries keeps its place and its exception's type and frames; its words are
withheld, since nobody can say in advance which of them are a patient's.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

WITHHELD = ("reflex", "reflex_base", "socketio", "engineio", "granian.access")


def _frames(error: BaseException) -> str:
    """Type and frames of an exception and its causes, without messages and without source lines."""
    lines = [f"{type(error).__name__}"]
    lines += [
        f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    cause = error.__cause__ or error.__context__
    return "\n".join(lines) + (f"\ncaused by {_frames(cause)}" if cause is not None else "")


def withhold(record: logging.LogRecord) -> logging.LogRecord:
    """The record without its words, if it is one of the libraries'."""
    if not record.name.startswith(WITHHELD):
        return record
    record.msg, record.args = "%s:%d %s (words withheld)", (record.module, record.lineno, record.funcName)
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text, record.exc_info = _frames(record.exc_info[1]), None
    return record


def withhold_words() -> Callable[[], None]:
    """From now on, in this process. Gives the function that undoes it."""
    before = logging.getLogRecordFactory()
    if getattr(before, "withholds", False):
        return lambda: None

    def factory(*args: object, **kwargs: object) -> logging.LogRecord:
        return withhold(before(*args, **kwargs))

    factory.withholds = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(factory)
    return lambda: logging.setLogRecordFactory(before)
