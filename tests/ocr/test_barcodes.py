"""A licence's own barcode, drawn and read back."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from hospital_ops.domain.documents import Verdict
from hospital_ops.ml.ocr import read_card
from hospital_ops.ml.ocr.barcodes import Barcode, aamva_fields

AAMVA = (
    "@\n\x1e\rANSI 636023080002DL00410278ZO03190008DLDAQTK482915\nDCSSANDOVAL\nDDEN\nDACMARIA\nDDFN\nDADTERESA\nDDGN\n"
    "DCAD\nDCBNONE\nDCDNONE\nDBD03142022\nDBB03141957\nDBA03142030\nDBC2\nDAU064 IN\nDAYBRO\nDAG412 MAPLE AVE\n"
    "DAICOLUMBUS\nDAJOH\nDAK432150000\nDCF2509UN6813300000\nDCGUSA\r"
)
SAYS = {
    "name": "MARIA TERESA SANDOVAL",
    "dob": "03/14/1957",
    "expiry": "03/14/2030",
    "id_number": "TK482915",
    "address": "412 MAPLE AVE, COLUMBUS, OH 43215",
}


def photo_of_back(turned: int = 0) -> bytes:
    code = zxingcpp.create_barcode(AAMVA, zxingcpp.BarcodeFormat.PDF417)
    drawn = Image.fromarray(np.array(code.to_image(scale=3)))
    page = Image.new("RGB", (drawn.width + 120, drawn.height + 300), "#dfe6ea")
    page.paste(drawn, (60, 150))
    out = io.BytesIO()
    page.rotate(-turned, expand=True).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_all_five_fields_come_from_the_barcode() -> None:
    fields = aamva_fields(Barcode(AAMVA, (0, 0, 1, 1)))
    assert {key: found.value for key, found in fields.items()} == SAYS


def test_the_first_version_wrote_the_name_in_one_item() -> None:
    fields = aamva_fields(Barcode("ANSI 6360230102DL00390188DLDAASANDOVAL,MARIA,TERESA\nDAQTK482915\n", (0, 0, 1, 1)))
    assert fields["name"].value == "MARIA TERESA SANDOVAL"


def test_canada_writes_the_year_first() -> None:
    fields = aamva_fields(Barcode("ANSI 636012DLDAQD1234\nDBB19570314\nDCGCAN\n", (0, 0, 1, 1)))
    assert fields["dob"].value == "03/14/1957"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_photo_of_the_back_is_read_without_a_doubt(turned: int) -> None:
    reading = read_card(photo_of_back(turned), "id_photo")
    assert reading.rotated == turned
    assert reading.verdict is Verdict.READ
    assert {key: found.value for key, found in reading.fields.items()} == SAYS
    assert {found.reader for found in reading.fields.values()} == {"zxing"}
    assert not any(found.unsure for found in reading.fields.values())
