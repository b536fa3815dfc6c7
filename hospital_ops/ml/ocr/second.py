"""EasyOCR, where it is installed: asked only about what the first reader doubted.

It is another network, trained by other people on other print, so that where both say the same a
misread twin is unlikely. Its weights come with a package that names no licence and no source: they are
compared with the hashes in EasyOCR's own configuration before a byte of them is loaded.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

NAME = "easyocr"
LEAST = 0.5  # its own confidence in a line, below which its word counts for nothing


class WrongWeights(RuntimeError):
    """The weights are not the ones that EasyOCR's makers published."""


def is_installed() -> bool:
    """Whether the second reader and its weights are here."""
    return find_spec("easyocr") is not None and find_spec("easyocr_en_models") is not None


def published() -> dict[str, str]:
    """File name → MD5, as EasyOCR's own configuration lists them; MD5 because that is what it lists."""
    from easyocr import config

    models = (config.detection_models["craft"], config.recognition_models["gen2"]["english_g2"])
    return {model["filename"]: model["md5sum"] for model in models}


def check_weights(folder: Path, expected: dict[str, str]) -> None:
    """Raise WrongWeights, naming the file, unless each is there and has its hash."""
    for name, md5 in expected.items():
        file = folder / name
        found = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest() if file.is_file() else "missing"
        if found != md5:
            raise WrongWeights(f"{name} is not the file that EasyOCR published ({found}, not {md5}).")


def loaded(detector: bool) -> Any:
    """EasyOCR's reader of English on its published weights, which are here already: it downloads nothing."""
    import easyocr
    from easyocr_en_models import model_dir  # type: ignore[import-not-found,unused-ignore]

    folder = Path(model_dir())
    check_weights(folder, published())
    return easyocr.Reader(
        ["en"],
        gpu=False,
        detector=detector,
        download_enabled=False,
        verbose=False,
        model_storage_directory=str(folder),
    )


class SecondReader:
    """EasyOCR's recogniser on lines that the first reader found; its own detector would only cost its 80 MB."""

    def __init__(self) -> None:
        self._reader: Any = loaded(detector=False)

    def read(self, crop: np.ndarray) -> tuple[str, float]:
        """What an upright line says, and how sure the reader is of it; ("", 0.0) where it sees nothing."""
        grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
        parts = self._reader.recognize(grey, detail=1)
        text = " ".join(text for _, text, _ in parts)
        return text, min((float(sure) for _, _, sure in parts), default=0.0)


@lru_cache(maxsize=1)
def second_reader() -> SecondReader | None:
    """The process's one second reader; None where it is not installed."""
    return SecondReader() if is_installed() else None
