"""Cards are read here, one photo a task: cleaned first, then the raw upload is destroyed, then read."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import worker_process_init
from sqlalchemy.exc import OperationalError

from hospital_ops.domain.errors import Unavailable
from hospital_ops.infra.contained import clean_picture
from hospital_ops.infra.crypto import Tampered
from hospital_ops.infra.images import BadImage
from hospital_ops.services import readings
from hospital_ops.services.readings import Job
from workers.celery_app import app

log = logging.getLogger(__name__)


@worker_process_init.connect
def warm_up_reader(**_: object) -> None:
    """Each child of the pool loads the reader when it begins, not while the first patient waits.

    In the child: what the parent had loaded would not survive the fork.
    """
    try:
        from hospital_ops.ml.ocr import warm_up

        warm_up()
    except Exception as missing:  # The worker has other work than cards; reading one says what is wrong.
        log.warning("the card reader could not be loaded (%s)", type(missing).__name__)


@app.task(name="workers.documents.read_document")
def read_document(event_id: int, facts: dict[str, Any]) -> None:
    """Read the photo of a `document.received`. A repeat, or what another living worker reads, changes nothing."""
    with readings.claim(int(facts["document_id"]), event_id) as job:
        if job is not None:
            read(job)


def read(job: Job) -> None:
    """Clean, read, write down. What breaks is tried again a few times, then said to the patient in a sentence."""
    try:
        picture = _clean(job)
        if picture is not None:
            readings.finish_reading(job, _read_card(picture, job.side))
    except BadImage as bad:
        readings.refuse_reading(job, bad.code)
    except (FileNotFoundError, Tampered):
        readings.refuse_reading(job, "damaged")
    except (Unavailable, OperationalError):
        raise  # The database is away: the queue gives this task again.
    except Exception as error:  # The edge of this process: whatever a crafted picture does to a reader ends here.
        log.error("document %s could not be read (%s)", job.document_id, type(error).__name__)
        readings.fail_reading(job, type(error).__name__)


def _clean(job: Job) -> bytes | None:
    """The clean picture: of an earlier attempt, or made now. None when a newer photo counts."""
    kept = readings.clean_of(job)
    if kept is not None:
        return kept
    raw = readings.raw_of(job)
    if raw is None:
        raise FileNotFoundError
    clean = clean_picture(raw)
    return clean.content if readings.keep_clean(job, clean.content, clean.width, clean.height) else None


def _read_card(picture: bytes, side: str) -> Any:
    # Not with the module: the pool's children fork after importing it.
    from hospital_ops.ml.ocr import read_card

    return read_card(picture, side)
