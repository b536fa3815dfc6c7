"""`up`: from nothing to an open board. Refusals come before anything is written; what can start at once does."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from types import FrameType

from hospital_ops.commands.up_options import options_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="default 3000, or HOSPITAL_PORT")
    parser.add_argument("--host", help="default 127.0.0.1; any other serves HTTPS with a certificate made here")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder; default data/ beside the code")
    parser.add_argument("--empty", action="store_true", help="no demo hospital and no simulated day")
    parser.add_argument(
        "--speed",
        type=float,
        metavar="N",
        help="simulated minutes per real minute: 30 unless said, 1 real time, 0 paused",
    )


def run(args: argparse.Namespace) -> int:
    options = options_of(args)
    from hospital_ops.commands.up_run import Up
    from hospital_ops.infra import data_folder

    data_folder.refuse_foreign(options.folder)
    data_folder.refuse_second(options.folder)
    data_folder.refuse_taken_port(options.host, options.port)
    data_folder.refuse_full_disk(options.folder)
    # SIGINT too: a shell that starts us in the background has it ignored, and Ctrl-C's signal must still stop us.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    return Up(options).run()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
