"""The few cards that lie in tests/data/cards, drawn anew by `python -m benchmarks.cards.specimens FOLDER`."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from benchmarks.cards.drawing import draw
from benchmarks.cards.photo import photograph
from benchmarks.cards.templates import IDENTITY, TEMPLATES
from benchmarks.cards.truth import identity_truth, insurance_truth


@dataclass(frozen=True)
class Specimen:
    """One card: its template, what it is made to say, and how it was photographed."""

    file: str
    template: str
    grade: str
    seed: int
    turned: int
    says: dict[str, str]


MARIA = {
    "payer": "Evergreen Health Plan", "member_name": "MARIA T SANDOVAL", "member_id": "XQH884217190",
    "group_number": "0094417", "plan": "PPO Gold 2500", "rx_bin": "610014", "rx_pcn": "ADV",
    "effective_date": "01/01/2026", "phone": "1-800-555-0142",
}  # fmt: skip
JAMES = {
    "payer": "Harborview Mutual", "member_name": "JAMES OKONKWO", "member_id": "W275403918",
    "group_number": "77120-014", "plan": "HMO Select", "rx_bin": "003858", "rx_pcn": "A4",
    "effective_date": "07/01/2025", "phone": "(888) 555-0177",
}  # fmt: skip
MARIAS_ID = {
    "name": "MARIA TERESA SANDOVAL", "-first": "MARIA TERESA", "-last": "SANDOVAL", "dob": "03/14/1957",
    "id_number": "TK482915", "expiry": "03/14/2030", "-street": "412 MAPLE AVE", "-place": "COLUMBUS, OH 43215",
    "address": "412 MAPLE AVE, COLUMBUS, OH 43215", "-state": "OHIO",
}  # fmt: skip
SPECIMENS = (
    Specimen("front_maria.jpg", "slate", "flat", 1, 0, MARIA),
    Specimen("back_maria.jpg", "beacon", "flat", 2, 0, MARIA),
    Specimen("id_maria.jpg", "kestrel", "flat", 3, 0, MARIAS_ID),
    Specimen("front_james_upside_down.jpg", "pelican", "flat", 4, 180, JAMES),
)


def photo_of(specimen: Specimen) -> tuple[bytes, int, str, dict[str, str]]:
    """JPEG bytes, degrees turned, side, and the truth that it prints."""
    template = next(template for template in TEMPLATES if template.name == specimen.template)
    rng = random.Random(specimen.seed)
    truth = {**(identity_truth if template.side == IDENTITY else insurance_truth)(rng), **specimen.says}
    card, printed = draw(template, truth, rng, 0.85)
    upright = 360
    while upright != 0:  # the camera turns at random; these are turned on purpose
        jpeg, upright = photograph(card.rotate(-specimen.turned, expand=True), specimen.grade, rng)
    return jpeg, specimen.turned, template.side, printed


def cat(width: int = 900, height: int = 700) -> Image.Image:
    """A drawn cat on a rug: a picture, and no card."""
    picture = Image.new("RGB", (width, height), "#b98a5e")
    pen = ImageDraw.Draw(picture)
    for x in range(0, width, 60):
        pen.rectangle((x, 0, x + 24, height), fill="#a97a4e")
    pen.ellipse((250, 300, 700, 680), fill="#6b625c")
    pen.ellipse((330, 120, 620, 400), fill="#776d66")
    pen.polygon([(345, 210), (350, 60), (440, 150)], fill="#776d66")
    pen.polygon([(605, 210), (600, 60), (510, 150)], fill="#776d66")
    for x in (400, 550):
        pen.ellipse((x - 28, 220, x + 28, 276), fill="#c7d36f")
        pen.ellipse((x - 8, 224, x + 8, 272), fill="#111111")
    pen.polygon([(462, 305), (488, 305), (475, 322)], fill="#d08a8a")
    for y in (310, 325, 340):
        pen.line((455, y, 330, y - 20 + (y - 325) * 2), fill="#eeeeee", width=3)
        pen.line((495, y, 620, y - 20 + (y - 325) * 2), fill="#eeeeee", width=3)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    for specimen in SPECIMENS:
        jpeg, turned, side, printed = photo_of(specimen)
        (folder / specimen.file).write_bytes(jpeg)
        truth[specimen.file] = {"side": side, "rotated": turned, "fields": printed}
    cat().save(folder / "not_a_card.jpg", quality=85)
    truth["not_a_card.jpg"] = {"side": "insurance_front", "rotated": 0, "fields": {}}
    (folder / "truth.json").write_text(json.dumps(truth, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
