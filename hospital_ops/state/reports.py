"""The reports' page: the question stands in the address, the answer goes to the one browser that asked, nothing is kept."""

from __future__ import annotations

from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.errors import Invalid, NotFound
from hospital_ops.domain.reports import read_question
from hospital_ops.queries.reports.page import report_page, today
from hospital_ops.services.access import audit_denial
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_text
from hospital_ops.state.push import show, told
from hospital_ops.state.thread import in_thread

_VIEW = Permission.REPORT_VIEW
_WARD = "ward_"  # What the name of a ward's box begins with.


class Reports(rx.State):
    """`problem` is why the address cannot be answered."""

    problem: str = ""

    @rx.event
    @requires(_VIEW, arrival=True)
    async def arrive(self) -> None:
        """After each navigation, another span or measure among them."""
        async with told(self) as viewer:
            actor, given = viewer.require(), dict(self.router.url.query_parameters)
            try:
                question = read_question(given, await in_thread(today))
                page = await in_thread(report_page, actor, question)
            except Invalid as refusal:
                self.problem = refusal.sentence
                return
            except NotFound as refusal:
                self.problem = refusal.sentence
                await in_thread(audit_denial, actor, "report")
                return
            self.problem = ""
            await show(self, report=page)

    @rx.event
    @requires(_VIEW)
    async def search(self, form: dict[str, Any]) -> Any:
        """Days and wards as chosen: into the address, where `arrive` finds them. What cannot be meant is said there."""
        self.problem = ""
        async with told(self):
            try:
                question = read_question(_asked(form), await in_thread(today))
            except Invalid as refusal:
                self.problem = refusal.sentence
                return None
            return rx.redirect(question.address())


def _asked(form: Any) -> dict[str, str]:
    """The form's fields as an address has them. Days that were not touched are not named: the span stays a moving one."""
    given = {name: given_text(value, 40) for name, value in dict(form).items() if isinstance(value, str)}
    wards = [name.removeprefix(_WARD) for name in given if name.startswith(_WARD)]
    asked = {name: given.get(name, "") for name in ("measure", "part", "from", "to", "days")}
    if asked["days"] and (asked["from"], asked["to"]) == (given.get("first", ""), given.get("last", "")):
        asked["from"] = asked["to"] = ""
    return asked | {"wards": ",".join(wards)}
