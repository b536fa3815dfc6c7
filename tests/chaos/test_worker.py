"""kill -9 of the worker in the middle of a real card, read by the real reader: nothing lost, nothing twice."""

from __future__ import annotations

import psutil

from hospital_ops.models import Document
from tests.cast import fresh
from tests.chaos.hospital import Hospital, Phone
from tests.chaos.waiting import until

MOST_CARDS = 5


def stopped_in_the_middle(hospital: Hospital, phone: Phone) -> int:
    """A card whose reader stands still (SIGSTOP) between having cleaned and having read it. Returns its id."""
    for _ in range(MOST_CARDS):
        number = phone.send()
        until(lambda: fresh(Document, number).clean_file is not None, 30)  # noqa: B023
        hospital.house.freeze("worker")
        if fresh(Document, number).status == "reading":
            return number
        hospital.house.thaw("worker")  # It was too quick; the same photo of another patient.
        phone = hospital.phone()
    raise AssertionError("no card could be stopped in the middle")


def test_a_killed_worker_loses_no_card_and_reads_none_twice(hospital: Hospital) -> None:
    phone = hospital.phone(web=1)
    page = hospital.page_of(phone)
    number = stopped_in_the_middle(hospital, phone)
    assert hospital.audited("document.finish_reading", number) == 0
    hospital.house.kill("worker")
    hospital.house.begin_again("worker")
    hospital.finished(number)
    hospital.assert_read_once(number)
    begun = hospital.audited("document.begin_reading", number)
    assert begun == 2
    hospital.give_again()  # The message of the dead worker, which nobody has acknowledged.
    hospital.quiet()
    assert hospital.audited("document.begin_reading", number) == begun
    hospital.assert_read_once(number)
    page.settles()


def test_a_killed_child_of_the_worker_gives_its_card_back(hospital: Hospital) -> None:
    phone = hospital.phone(web=0)
    page = hospital.page_of(phone)
    number = stopped_in_the_middle(hospital, phone)
    worker = hospital.house.part("worker").process
    assert worker is not None
    for child in psutil.Process(worker.pid).children():
        child.kill()
    hospital.house.thaw("worker")
    hospital.finished(number)
    hospital.quiet()
    hospital.assert_read_once(number)
    assert hospital.audited("document.begin_reading", number) == 2
    page.settles()
