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
}


class Refusal(Exception):
    """A command cannot go on. `sentence` is what the person reads."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
