"""Values that were read well and cannot be: each makes a person look, and its likely neighbour does not."""

from __future__ import annotations

import pytest

from hospital_ops.domain.documents import Side
from hospital_ops.ml.ocr.custom import against

FRONT, BACK, ID = Side.INSURANCE_FRONT, Side.INSURANCE_BACK, Side.ID_PHOTO


@pytest.mark.parametrize(
    ("side", "values", "doubted"),
    [
        (FRONT, {"phone": "1-800-555-0142"}, set()),
        (FRONT, {"phone": "(614) 211-0142"}, set()),
        (FRONT, {"phone": "1-100-555-0142"}, {"phone"}),
        (FRONT, {"phone": "614-055-0142"}, {"phone"}),
        (ID, {"address": "412 MAPLE AVE, COLUMBUS, OH 43215"}, set()),
        (ID, {"address": "412 MAPLE AVE, COLUMBUS, OH 43215-0142"}, set()),
        (ID, {"address": "412 MAPLE AVE, COLUMBUS, CH 43215"}, {"address"}),
        (ID, {"dob": "03/14/1957", "expiry": "03/14/2030"}, set()),
        (ID, {"dob": "03/14/2031", "expiry": "03/14/2030"}, {"dob", "expiry"}),
        (ID, {"dob": "03/14/1857"}, {"dob"}),
        (FRONT, {"payer": "Evergreen Health Plan"}, set()),
        (BACK, {"payer": "Evergreen Health Plan"}, {"payer"}),
        (FRONT, {"member_id": "XQH 884", "group_number": "0094417"}, set()),
        (FRONT, {"member_id": "0094 417", "group_number": "0094417"}, {"member_id", "group_number"}),
        (FRONT, {"member_name": "MARIA T SANDOVAL"}, set()),
        (FRONT, {"member_name": "MARIA T"}, {"member_name"}),
        (ID, {"name": "MARIA T."}, {"name"}),
        (FRONT, {}, set()),
    ],
)
def test_what_cannot_be_is_asked_about(side: Side, values: dict[str, str], doubted: set[str]) -> None:
    assert against(side, values).keys() == doubted
