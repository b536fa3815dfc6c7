"""Python names for assets/tasks.jsx: the arrival of a task, the switches of sound and vibration, the phone that signs out by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

LIBRARY = "$/public/tasks.jsx"


class Arrival(rx.Component):
    library = LIBRARY
    tag = "Arrival"
    cards: rx.Var[list[dict[str, Any]]]


class SoundSwitch(rx.Component):
    library = LIBRARY
    tag = "SoundSwitch"


class VibrationSwitch(rx.Component):
    library = LIBRARY
    tag = "VibrationSwitch"


class IdleSignOut(rx.Component):
    library = LIBRARY
    tag = "IdleSignOut"
    minutes: rx.Var[int]
    on_active: rx.EventHandler[rx.event.no_args_event_spec]


arrival = Arrival.create
sound_switch = SoundSwitch.create
vibration_switch = VibrationSwitch.create
idle_sign_out = IdleSignOut.create
