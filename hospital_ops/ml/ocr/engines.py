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

        halves: Any = RapidOCR(params={"Global.log_level": "error"})
        for part, path in zip((halves.cfg.Det, halves.cfg.Rec, halves.cfg.Cls), weights(), strict=True):
            part._set_flag("allow_objects", True)
            part.session = _session(path, threads)
        self._det: Any = halves._load_det_model()
        self._rec: Any = halves._load_rec_model()
        self._cls: Any = halves._load_cls_model()
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


def _session(path: str, threads: int) -> Any:
    """A network on the CPU that leaves as little memory behind as it can."""
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    options = SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = False
    # Threads that wait sleep: a worker shares its cores with the others of the house.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # One level below the default, whose other layout of pixels holds 120 MB more while text is looked for.
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def engine(threads: int = 2) -> Engine:
    """The process's one engine; the first call takes about a second, the rest none."""
    return Engine(threads)
