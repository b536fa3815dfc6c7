"""RapidOCR, loaded once a process and asked for its two halves: where text is, and what it says.

Its weights lie in its own wheel. `weights()` is checked before loading, so that a broken install is
a sentence here and never a download.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np

from hospital_ops.ml.ocr.glyphs import Alphabet, Text

WEIGHTS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx", "ch_ppocr_mobile_v2.0_cls_mobile.onnx")
TEXT_HEIGHT = 48
SHORTEST = 320  # the width the recogniser was trained to see at least
BATCH = 6
# Each 8 pixels of width are 18,710 chances for each line of a batch: long lines go fewer at a time.
BATCH_WIDTH = 2880


class EngineMissing(RuntimeError):
    """The reader is not installed as it should be."""


def weights() -> tuple[str, ...]:
    """Paths of RapidOCR's weights as its wheel ships them."""
    folder = files("rapidocr") / "models"
    missing = [name for name in WEIGHTS if not (folder / name).is_file()]
    if missing:
        raise EngineMissing(f"RapidOCR's wheel lacks {', '.join(missing)}; install rapidocr again.")
    return tuple(str(folder / name) for name in WEIGHTS)


class Engine:
    """Both halves of RapidOCR. Images are (height, width, 3) uint8, blue first, as OpenCV has them."""

    name = "rapidocr"

    def __init__(self, threads: int) -> None:
        from rapidocr import RapidOCR

        found, read, turned = weights()
        rapid: Any = RapidOCR
        self._rapid = rapid(params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": found, "Rec.model_path": read, "Cls.model_path": turned,
        })  # fmt: skip
        # The first call loads the halves; a white page costs little and leaves nothing behind.
        self._rapid(np.full((64, 256, 3), 255, np.uint8))
        self._det: Any = self._rapid.text_det or self._rapid._load_det_model()
        self._rec: Any = self._rapid.text_rec or self._rapid._load_rec_model()
        self._cls: Any = self._rapid.text_cls or self._rapid._load_cls_model()
        self._alphabet = Alphabet(self._rec.postprocess_op.character)

    def find(self, image: np.ndarray) -> np.ndarray:
        """Corners of each piece of text: (n, 4, 2) float32, in pixels, the text's own top left first."""
        boxes = self._det(image).boxes
        return np.empty((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32)

    def turned(self, crops: list[np.ndarray]) -> np.ndarray:
        """How surely each crop stands on its head: 1 it does, -1 it does not."""
        votes = self._cls(crops).cls_res
        return np.array([score if label == "180" else -score for label, score in votes])

    def read(self, crops: list[np.ndarray]) -> list[Text]:
        """What each upright crop says, in the order given."""
        texts: list[Text] = [Text(())] * len(crops)
        by_width = sorted(range(len(crops)), key=lambda n: crops[n].shape[1] / crops[n].shape[0])
        while by_width:
            batch = _batch(by_width, crops)
            by_width = by_width[len(batch) :]
            for n, text in zip(batch, self._read_batch([crops[n] for n in batch]), strict=True):
                texts[n] = text
        return texts

    def _read_batch(self, crops: list[np.ndarray]) -> list[Text]:
        widths = [max(1, round(TEXT_HEIGHT * crop.shape[1] / crop.shape[0])) for crop in crops]
        page = np.zeros((len(crops), 3, TEXT_HEIGHT, max(SHORTEST, *widths)), np.float32)
        for row, (crop, width) in enumerate(zip(crops, widths, strict=True)):
            resized = cv2.resize(crop, (width, TEXT_HEIGHT)).astype(np.float32)
            page[row, :, :, :width] = resized.transpose(2, 0, 1) / 127.5 - 1.0
        steps = self._rec.session(page)
        return [self._alphabet.decode(s, w / page.shape[3]) for s, w in zip(steps, widths, strict=True)]


def _batch(by_width: list[int], crops: list[np.ndarray]) -> list[int]:
    """The next of the crops, narrowest first, that are read at once: all are padded to the widest."""
    batch = by_width[:1]
    for n in by_width[1:BATCH]:
        if (len(batch) + 1) * _width(crops[n]) > BATCH_WIDTH:
            break
        batch.append(n)
    return batch


def _width(crop: np.ndarray) -> int:
    height, width = crop.shape[:2]
    return max(SHORTEST, round(TEXT_HEIGHT * int(width) / int(height)))


@lru_cache(maxsize=1)
def engine(threads: int = 2) -> Engine:
    """The process's one engine; the first call takes about a second, the rest none."""
    return Engine(threads)
