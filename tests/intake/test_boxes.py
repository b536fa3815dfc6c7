"""Where a field stands on the picture, once the picture stands upright on the desk."""

from __future__ import annotations

import pytest

from hospital_ops.domain.documents import upright

# A photo of 200 by 100 pixels; the card's upper left corner holds a field of 40 by 10.
# rotated → the box as the camera saw it
SEEN = {
    0: ((0, 0, 40, 10), (200, 100)),
    90: ((90, 0, 100, 40), (100, 200)),
    180: ((160, 90, 200, 100), (200, 100)),
    270: ((0, 160, 10, 200), (100, 200)),
}


@pytest.mark.parametrize("rotated", SEEN)
def test_a_box_follows_the_card(rotated: int) -> None:
    box, (width, height) = SEEN[rotated]
    assert upright(box, width, height, rotated) == {"left": 0, "top": 0, "width": 20, "height": 10}
