"""A ward's board as a page to print: plain HTML, no script, nothing fetched. What a person wrote is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from hospital_ops.domain.downtime import age_words, is_stale

Row = dict[str, Any]
_TAKEN = {"occupied", "pending_discharge"}
_LINES = 6  # Empty ones, for what happens while nothing runs.

_CSS = """
@page { size: A4 landscape; margin: 10mm }
:root { color-scheme: light }
body { font: 9pt/1.3 system-ui, "Noto Sans", Arial, sans-serif; color: #000; background: #fff; margin: 1rem auto; max-width: 76rem;
  padding: 0 1rem }
h1 { font-size: 16pt; margin: 0 } h2 { font-size: 12pt; margin: 1.2em 0 .3em }
p { margin: .2em 0 }
.as-of { font-weight: 700 } .stale { border: 3px solid #000; padding: .4em .6em; font-size: 12pt; font-weight: 700; margin: .6em 0 }
table { width: 100%; border-collapse: collapse } thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: 1px solid #555; padding: .25em .4em; text-align: left; vertical-align: top }
thead th { background: #eee } caption { text-align: left; padding: 0 0 .3em }
tbody th { white-space: nowrap; font-size: 12pt } .who { font-weight: 700; font-size: 11pt }
.mark { border: 1.5px solid #000; border-radius: 3px; padding: 0 .3em; font-weight: 700; white-space: nowrap }
.notes { min-width: 9em } .values, .stay { min-width: 11em } ul { margin: 0; padding-left: 1.1em } .empty td { height: 2.2em }
.scroll { overflow-x: auto }
@media print { body { margin: 0; max-width: none; padding: 0 } .scroll { overflow: visible } }
"""


def page(board: Row, now: datetime) -> str:
    """The whole page. `now` is the machine's real time: it says how old the board is."""
    zone = ZoneInfo(board["zone"])
    title = f"Downtime board {board['code']}"
    body = [
        _head(board, now, zone),
        _beds(board["beds"], zone),
        _coming(board["coming"], zone),
        _staff(board["staff"]),
        _empty_lines(),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_CSS}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _head(board: Row, now: datetime, zone: ZoneInfo) -> str:
    written_at = datetime.fromisoformat(board["written_at"])
    statuses = Counter(bed["status"] for bed in board["beds"])
    taken = sum(statuses[status] for status in _TAKEN)
    old = age_words(written_at, now)
    warning = f"This board is {old} old. Look at the ward before you trust it." if is_stale(written_at, now) else ""
    clock = " by the simulated clock" if board["simulated"] else ""
    simulated = " These are invented patients of a simulated hospital." if board["simulated"] else ""
    return (
        f"<h1>{escape(board['code'])} · {escape(board['name'])}, floor {board['floor']}</h1>"
        f'<p class="as-of">As of {_moment(board["at"], zone)}{clock} · printed {_local(now, zone)}, {old} later.</p>'
        + (f'<p class="stale" role="alert">{warning}</p>' if warning else "")
        + f"<p>{taken} of {len(board['beds'])} beds taken, {statuses['available']} ready, {statuses['dirty']} waiting for "
        f"cleaning. Nothing on this paper follows what happens now.{simulated} Shred it when the system is back.</p>"
    )


def _beds(beds: Iterable[Row], zone: ZoneInfo) -> str:
    heads = ("Bed", "Status", "Patient", "Needs", "In since · leaves", "Last values", "To do", "Notes")
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Beds"><table><caption>Beds</caption>'
        f"<thead><tr>{_heads(heads)}</tr></thead><tbody>{''.join(_bed(bed, zone) for bed in beds)}</tbody></table></div>"
    )


def _bed(bed: Row, zone: ZoneInfo) -> str:
    patient = bed["patient"]
    until = f" until {_moment(bed['until'], zone)}" if bed["until"] else ""
    status = f"{bed['words'].capitalize()} since {_moment(bed['since'], zone)}{until}"
    reason = f"<br>{escape(bed['reason'])}" if bed["reason"] else ""
    cells = [
        f"<td>{status}{reason}</td>",
        f"<td>{_patient(patient)}</td>",
        f"<td>{_needs(bed, patient)}</td>",
        f'<td class="stay">{_times(patient, zone)}</td>',
        f'<td class="values">{_values(patient, zone)}</td>',
        f"<td>{_tasks(bed['tasks'])}</td>",
        '<td class="notes"></td>',
    ]
    return f'<tr><th scope="row">{escape(bed["label"])}</th>{"".join(cells)}</tr>'


def _patient(patient: Row | None) -> str:
    if patient is None:
        return ""
    years = f", {patient['age']} years" if patient["age"] is not None else ""
    born = f"born {escape(patient['born'])}{years}" if patient["born"] else "date of birth not known"
    language = f"<br>Speaks {escape(patient['language'])}" if patient["language"] not in {"", "en"} else ""
    unsure = "<br>Identity not confirmed yet" if patient["provisional"] else ""
    sex = f"{escape(patient['sex'].capitalize())}, " if patient["sex"] else ""
    name = f'<span class="who">{escape(patient["name"])}</span>'
    return f"{name}<br>{sex}{born}<br>No. {patient['id']}{language}{unsure}"


def _needs(bed: Row, patient: Row | None) -> str:
    isolation = patient["isolation"] if patient else ""
    marks = [
        f"{isolation} isolation".capitalize() if isolation else "",
        "Isolation room" if bed["isolation_room"] else "",
    ]
    if patient is not None:
        marks += ["Telemetry" if patient["telemetry"] else "", f"Away: {patient['away']}" if patient["away"] else ""]
    return " ".join(f'<span class="mark">{escape(mark)}</span>' for mark in marks if mark)


def _times(patient: Row | None, zone: ZoneInfo) -> str:
    if patient is None:
        return ""
    since = _moment(patient["admitted_at"], zone) if patient["admitted_at"] else ""
    diagnosis = f"Diagnosis {escape(patient['diagnosis'])}" if patient["diagnosis"] else ""
    return "<br>".join(part for part in (since, diagnosis, escape(patient["leaves"])) if part)


def _values(patient: Row | None, zone: ZoneInfo) -> str:
    """One line a moment: most values of a patient are of the same morning, and paper is short."""
    moments: dict[str, list[str]] = {}
    for one in patient["values"] if patient else []:
        words = f"{one['name']} {one['value']} {one['unit']}".strip()
        moments.setdefault(_moment(one["at"], zone), []).append(words)
    return "<br>".join(f"{at}: {escape(', '.join(words))}" for at, words in moments.items())


def _tasks(tasks: Iterable[Row]) -> str:
    return _list(
        f"{'STAT: ' if task['priority'] == 'stat' else ''}{task['what']} ({task['status']}"
        f"{', ' + task['who'] if task['who'] else ''})"
        for task in tasks
    )


def _coming(coming: list[Row], zone: ZoneInfo) -> str:
    if not coming:
        return "<h2>Coming</h2><p>Nobody waits for a bed here.</p>"
    rows = [
        f"<tr><td>{_patient(row)}</td><td>{_needs({'isolation_room': False}, row | {'away': ''})}</td>"
        f"<td>{escape(row['priority'])}</td><td>{_moment(row['since'], zone)}</td><td></td></tr>"
        for row in coming
    ]
    heads = ("Patient", "Needs", "Priority", "Waits since", "Bed given")
    return (
        '<h2>Coming</h2><div class="scroll" tabindex="0" role="region" aria-label="Coming"><table>'
        f"<caption>Waiting for a bed of this ward</caption><thead><tr>{_heads(heads)}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _staff(staff: list[Row]) -> str:
    names = [f"{escape(one['name'])} ({escape(one['role'])})" for one in staff]
    return f"<h2>On duty</h2><p>{', '.join(names) or 'Nobody is signed on.'}</p>"


def _empty_lines() -> str:
    heads = ("Time", "Bed", "What happened (came, left, moved, clean, given)", "Who")
    lines = '<tr class="empty"><td></td><td></td><td></td><td></td></tr>' * _LINES
    return (
        "<h2>Written by hand, to be entered when the system is back</h2>"
        f"<table><caption>Times as on the ward's clock</caption><thead><tr>{_heads(heads)}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _heads(names: Iterable[str]) -> str:
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _moment(iso: str, zone: ZoneInfo) -> str:
    return _local(datetime.fromisoformat(iso), zone)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}"
