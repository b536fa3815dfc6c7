"""A CSV file of somebody else's, row by row: each row with the line it began on, each doubt as a sentence."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

LISTED = 1_000  # bad rows are counted to the last and listed up to here
FIRST_YEAR, LAST_YEAR = 1900, 2240  # shifted dates of research data lie up to here
# How files begin that are not text, or not ours: an archive says so better than "not UTF-8".
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"PK", "a ZIP archive or a workbook"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"%PDF", "a PDF"),
)


class FileRefused(Exception):
    """A file that cannot be used at all, with the reason as a sentence."""


class Problem(NamedTuple):
    """One row that was left out. Line 1 is the heading."""

    file: str
    line: int
    reason: str


@dataclass
class Problems:
    """Every bad row counted, the first LISTED of them kept."""

    total: int = 0
    listed: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        self.total += 1
        if len(self.listed) < LISTED:
            self.listed.append(Problem(file, line, reason))

    def first(self) -> str:
        """The first of them in words, for a file of which nothing is left."""
        return f" Line {self.listed[0].line}: {self.listed[0].reason}" if self.listed else ""


Row = dict[str, str]
Told = Callable[[int], None]  # called with the number of rows read so far
TOLD_EACH = 50_000


class Rows:
    """The rows of one file. `columns` is the heading; iterating gives (line, row) and adds what cannot be read to `problems`."""

    def __init__(self, path: Path, problems: Problems, told: Told = lambda rows: None) -> None:
        self.path, self.problems, self.told = path, problems, told
        self.read = 0
        self.columns = self._heading()

    def lacking(self, needed: Sequence[str]) -> list[str]:
        return [name for name in needed if name not in self.columns]

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        with self._opened() as file:
            reader = csv.reader(file)
            line, cells = 1, _next(reader)
            while cells is not None:
                line, cells = self._take(reader)
                if cells:
                    yield line, dict(zip(self.columns, cells, strict=True))

    def _take(self, reader: Any) -> tuple[int, list[str] | None]:
        """The next row; [] when it is empty or bad, None at the end."""
        began = reader.line_num + 1
        try:
            cells = _next(reader)
        except csv.Error as error:
            self._bad(began, f"cannot be read as CSV ({error}).")
            return began, []
        if not cells:
            return began, cells
        self.read += 1
        if self.read % TOLD_EACH == 0:
            self.told(self.read)
        cells = [cell.strip() for cell in cells]
        if len(cells) != len(self.columns):
            self._bad(began, f"has {len(cells)} fields; the heading has {len(self.columns)}.", counted=True)
            return began, []
        if any("\x00" in cell for cell in cells):
            self._bad(began, "holds a zero byte.", counted=True)
            return began, []
        return began, cells

    def _bad(self, line: int, reason: str, counted: bool = False) -> None:
        self.read += not counted
        self.problems.add(self.path.name, line, reason)

    def _heading(self) -> list[str]:
        try:
            with self.path.open("rb") as file:
                start = file.read(4)
        except OSError as error:
            raise FileRefused(
                f"{self.path} cannot be opened: {(error.strerror or 'it is no file').lower()}."
            ) from error
        for sign, what in FOREIGN:
            if start.startswith(sign):
                raise FileRefused(f"{self.path.name} is {what}, not UTF-8 text; save it as CSV in UTF-8.")
        if b"\x00" in start:
            raise FileRefused(f"{self.path.name} holds zero bytes, as UTF-16 text does; save it as CSV in UTF-8.")
        with self._opened() as file:
            try:
                cells = _next(csv.reader(file))
            except csv.Error as error:
                raise FileRefused(f"{self.path.name} cannot be read as CSV ({error}).") from error
        columns = [name.strip() for name in cells or []]
        if not columns:
            raise FileRefused(f"{self.path.name} has no heading in its first line.")
        for name in columns:
            if name and columns.count(name) > 1:
                raise FileRefused(f"{self.path.name} names the column {name} more than once.")
        return columns

    def _opened(self) -> _Text:
        return _Text(self.path)


class _Text:
    """The file as UTF-8 lines; a byte that is none ends in FileRefused, wherever it stands."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Iterator[str]:
        self.file = self.path.open(encoding="utf-8-sig", newline="")
        return self._lines()

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def _lines(self) -> Iterator[str]:
        read = 0
        try:
            for line in self.file:
                read += 1
                yield line
        except UnicodeDecodeError as error:
            raise FileRefused(f"{self.path.name} is not UTF-8 after line {read}; save it as UTF-8.") from error


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    return next(reader, None)


def separated(columns: Sequence[str]) -> str:
    """A hint when the whole heading is one word: the file is separated by something else than commas."""
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(columns) == 1 and sign in columns[0]:
            return f" It is separated by {name}; commas are needed."
    return ""


def written_otherwise(missing: Sequence[str], columns: Sequence[str]) -> str:
    """A hint when a missing column is there in capitals, or with spaces for its underscores."""
    alike = {name.lower().replace(" ", "_"): name for name in columns}
    for name in missing:
        if name in alike:
            return f" It has {alike[name][:40]!r}; names are read exactly as {name}."
    return ""


def lack(file: str, missing: Sequence[str], columns: Sequence[str]) -> FileRefused:
    many = "s" if len(missing) > 1 else ""
    hint = separated(columns) or written_otherwise(missing, columns)
    return FileRefused(f"{file} lacks the column{many} {', '.join(missing)}.{hint}")


def moment(text: str, zone: ZoneInfo, name: str) -> datetime:
    """An ISO date and time; without an offset it is the hospital's own clock. Raises ValueError with a sentence."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name} {text[:40]!r} is not a date and time such as 2026-03-01T14:30.") from error
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"{name} {text[:40]} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return when if when.tzinfo else when.replace(tzinfo=zone)


def number(text: str, name: str, least: float, most: float) -> float:
    """A number between two others. Raises ValueError with a sentence."""
    try:
        value = float(text)
    except ValueError as error:
        raise ValueError(f"{name} {text[:40]!r} is not a number.") from error
    if not least <= value <= most:
        raise ValueError(f"{name} {text[:40]} lies outside {least:g} to {most:g}.")
    return value
