"""What was asked of `up`: the command line first, then the environment, then the defaults."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hospital_ops.exits import Exit, Refusal

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Options:
    """One `up`. `speed` is simulated minutes per real minute."""

    folder: Path
    host: str
    port: int
    speed: float
    empty: bool
    production: bool

    @property
    def demo(self) -> bool:
        return not (self.empty or self.production)


def options_of(args: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> Options:
    """Raises Refusal for a number that is none."""
    return Options(
        folder=data_folder_of(args.data, environ),
        host=args.host or environ.get("HOSPITAL_HOST") or "127.0.0.1",
        port=int(_number("HOSPITAL_PORT", args.port, environ, 3000, 65535)),
        speed=_number("HOSPITAL_SPEED", args.speed, environ, 30, 1440),
        empty=args.empty,
        production=environ.get("HOSPITAL_ENV") == "production",
    )


def data_folder_of(given: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """--data, else HOSPITAL_DATA_DIR, else data/ beside the code."""
    return Path(given or environ.get("HOSPITAL_DATA_DIR") or ROOT / "data").expanduser().resolve()


def _number(name: str, given: float | None, environ: Mapping[str, str], default: float, most: float) -> float:
    text = environ.get(name) or default if given is None else given
    try:
        number = float(text)
    except ValueError as odd:
        raise Refusal(Exit.SETTINGS_REFUSED, f"{name} is {text!r}, which is not a number.") from odd
    if not 0 <= number <= most:
        raise Refusal(Exit.SETTINGS_REFUSED, f"{name} is {number:g}; it goes from 0 to {most:g}.")
    return number
