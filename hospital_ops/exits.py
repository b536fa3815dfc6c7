"""How a command ends: one number and one sentence per kind of refusal. Standard library only.

docs/commands.md shows this table; a test compares the two.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The process's exit code. 2 is argparse's own, for a command line that is not understood."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PORT_TAKEN = 3
    DISK_FULL = 4
    NO_NETWORK = 5
    FOREIGN_FOLDER = 6
    SERVER_AWAY = 7
    NEWER_DATABASE = 8
    ALREADY_RUNNING = 9
    SERVER_DID_NOT_START = 10
    FRONTEND_FAILED = 11
    PYTHON_UNFIT = 12
    SETTINGS_REFUSED = 13
    NOT_HERE_YET = 14
    AUDIT_BROKEN = 15
    DATA_REFUSED = 16
    NO_SUCH_WARD = 17
    NO_BOARD = 18
    WRONG_KEY = 19
    BOARD_CHANGED = 20
    BOARD_STALE = 21
    RELEASE_REFUSED = 22


MEANINGS: dict[Exit, str] = {
    Exit.OK: "It did what was asked.",
    Exit.FAILED: "Something unexpected happened; the last line says what, the logs say where.",
    Exit.USAGE: "The command line is not understood.",
    Exit.PORT_TAKEN: "Another program listens on the port.",
    Exit.DISK_FULL: "The disk has no room for the installation or the data.",
    Exit.NO_NETWORK: "The packages are not installed yet and no package registry answers.",
    Exit.FOREIGN_FOLDER: "The data folder holds something that is not ours, or that a newer version wrote.",
    Exit.SERVER_AWAY: "The database or Redis named in the settings does not answer.",
    Exit.NEWER_DATABASE: "The database was migrated by a newer version of this code.",
    Exit.ALREADY_RUNNING: "hospital-ops already runs on this data folder.",
    Exit.SERVER_DID_NOT_START: "An embedded server or one of our processes did not start.",
    Exit.FRONTEND_FAILED: "The pages could not be built.",
    Exit.PYTHON_UNFIT: "This Python is too old, or cannot make virtual environments.",
    Exit.SETTINGS_REFUSED: "A setting is missing, malformed or too weak for production.",
    Exit.NOT_HERE_YET: "This part is not installed or not written yet.",
    Exit.AUDIT_BROKEN: "The audit's chain is broken, or lines of the audit were never bound into it.",
    Exit.DATA_REFUSED: "A file of data cannot be read, lacks a column, or holds too little to learn from.",
    Exit.NO_SUCH_WARD: "There is no downtime board of this ward; the sentence names the wards that have one.",
    Exit.NO_BOARD: "There is no downtime board at all: the data folder is another, or the worker has never written one.",
    Exit.WRONG_KEY: "The downtime board was sealed with another master key.",
    Exit.BOARD_CHANGED: "The downtime board was changed, cut off, or is another ward's.",
    Exit.BOARD_STALE: "The downtime board was opened all the same; it is older than a quarter of an hour, and says how much.",
    Exit.RELEASE_REFUSED: "A release of a model does not serve: it failed a check, is broken, or is not there.",
}


class Refusal(Exception):
    """A command cannot go on. `sentence` is what the person reads."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
