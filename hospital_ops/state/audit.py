"""The audit's page: the question stands in the address, the answer goes to the one browser that asked, nothing is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.domain.audit import Question, read_question
from hospital_ops.domain.errors import Invalid
from hospital_ops.queries.audit import audit_page
from hospital_ops.services.audit import look_into
from hospital_ops.state.gate import requires
from hospital_ops.state.push import show, told
from hospital_ops.state.thread import in_thread

_P = Permission


class Audit(rx.State):
    """The question stands in the address alone; `problem` is why it cannot be answered."""

    problem: str = ""

    @rx.event
    @requires(_P.AUDIT_READ, arrival=True)
    async def arrive(self) -> None:
        """After each navigation, a filter among them: write the look down, then show the page of the audit."""
        async with told(self) as viewer:
            try:
                question = read_question(dict(self.router.url.query_parameters))
            except Invalid as refusal:
                self.problem = refusal.sentence
                return
            self.problem = ""
            await in_thread(look_into, viewer.require(), question)
            page = await in_thread(audit_page, question)
            words = {
                "asked": question.words(),
                "first_page": question.before is None,
                "newest_at": address_of(question),
            }
            older_at = address_of(question, page["older"]) if page["older"] else ""
            await show(self, audit={**page, **words, "older_at": older_at})

    @rx.event
    @requires(_P.AUDIT_READ)
    async def search(self, form: dict[str, Any]) -> Any:
        """The filters as chosen: into the address, where `arrive` finds them."""
        address = None
        async with told(self):
            address = address_of(read_question(form))
        return rx.redirect(address) if address else None


def address_of(question: Question, before: str = "") -> str:
    """The audit's page with this question; `before` is the key after which it goes on."""
    words = urlencode(question.words() | ({"before": before} if before else {}))
    return f"/admin/audit?{words}" if words else "/admin/audit"
