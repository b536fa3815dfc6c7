"""My tasks, for one thumb on a shared phone; for supervisors everybody's beside it."""

from __future__ import annotations

import reflex as rx

from hospital_ops.components.address import filtered
from hospital_ops.components.dispatch_list import dispatch_list, new_task_button
from hospital_ops.components.live import live_panel
from hospital_ops.components.my_tasks import my_tasks, waiting_for_tasks
from hospital_ops.components.shell import frame
from hospital_ops.domain.access import Permission
from hospital_ops.state.person import Person


def tasks() -> rx.Component:
    """/tasks"""
    supervises = Person.permissions.contains(Permission.TASK_SUPERVISE.value)
    mine = rx.el.div(my_tasks(), new_task_button(), class_name="one-column")
    both = filtered(rx.el.div(my_tasks(), dispatch_list(), class_name="two-columns"), names="group")
    heading = rx.el.h1("Tasks", class_name="sr-only")
    body = live_panel(heading, rx.cond(supervises, both, mine), label="My tasks")
    return frame("/tasks", body, skeleton=waiting_for_tasks())
