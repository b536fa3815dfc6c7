"""A worker carries what its next card needs and no more, until another task asks for it."""

from __future__ import annotations

import subprocess
import sys

from hospital_ops.config import ROOT

HEAVY = ("pandas", "sklearn", "scipy", "torch", "easyocr", "rapidocr", "reflex")
CHILD = f"""
import sys
from workers.celery_app import app
app.loader.import_default_modules()
assert "workers.forecasts.score_discharges" in app.tasks
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_a_worker_is_forked_before_any_model_is_imported() -> None:
    """Each of its children would hold them from the fork on: 150 MB for pandas and scikit-learn alone."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
