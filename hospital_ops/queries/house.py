"""The house as it is set up and as it feels: settings in force, parts, models. A secret is only ever "set"."""

from __future__ import annotations

from typing import Any

from hospital_ops.config import Settings, get_settings
from hospital_ops.infra.models_folder import serving
from hospital_ops.queries.clock import real_now
from hospital_ops.queries.health import State, parts

# What each part does, for whoever has to say what is missing when it is down.
DOES: dict[str, str] = {
    "database": "Holds everything. Without it nobody can work.",
    "redis": "Carries work to the workers and counts attempts to sign in.",
    "worker": "Reads cards and makes forecasts.",
    "relay": "Hands what has happened to the worker.",
    "clock": "Starts what happens each minute and hour.",
    "push": "Keeps the boards of this web process live.",
}


def house_value(push: State) -> dict[str, Any]:
    """{"at", "parts", "models", "settings"}. `push` is this web process's own line to the database."""
    settings = get_settings()
    return {
        "at": real_now().isoformat(),
        "parts": [
            {"name": name, "state": state, "does": DOES[name]} for name, state in {**parts(), "push": push}.items()
        ],
        "models": serving(settings.data_dir),
        "settings": settings_in_force(settings),
    }


def settings_in_force(settings: Settings) -> list[dict[str, Any]]:
    """[{"name", "value", "secret", "usual"}] in the order of the code. What a repr hides is a secret here too."""
    found = []
    for name, field in Settings.model_fields.items():
        value, secret = getattr(settings, name), field.repr is False
        words = ("set" if value else "not set") if secret else str(value)
        found.append(
            {
                "name": f"HOSPITAL_{name.upper()}",
                "value": words or "empty",
                "secret": secret,
                "usual": value == field.default,
            }
        )
    return found
