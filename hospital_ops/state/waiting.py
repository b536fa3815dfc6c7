"""The proposal for everybody who waits, as one person looks at it: ids, bed labels and rules, nobody's name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import reflex as rx

from hospital_ops.domain.access import Permission
from hospital_ops.services import placement, waiting_list
from hospital_ops.state.gate import requires
from hospital_ops.state.given import given_id
from hospital_ops.state.push import told
from hospital_ops.state.thread import in_thread


class WaitingList(rx.State):
    """`beds`: request id, as text, to what is proposed. `words` says how good the proposal is; "" before there is one."""

    beds: dict[str, dict[str, Any]] = {}
    words: str = ""
    thinking: bool = False

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def propose(self) -> AsyncIterator[None]:
        """A bed for each who waits. Says at once that it is thinking: a long list takes up to two seconds."""
        self.thinking = True
        yield
        async with told(self) as viewer:
            found = await in_thread(waiting_list.propose, viewer.require())
            self.beds = {str(one.request_id): asdict(one) for one in found.beds}
            self.words = _words(found)
        self.thinking = False

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def place(self, request_id: int, bed_id: int) -> None:
        """Place one as proposed. The rules are checked again: the hospital may have changed meanwhile."""
        async with told(self) as viewer:
            chosen = given_id(request_id)
            await in_thread(placement.place, viewer.require(), chosen, given_id(bed_id))
            self.beds = {key: bed for key, bed in self.beds.items() if key != str(chosen)}

    @rx.event
    @requires(Permission.STAY_PLACE)
    async def forget(self) -> None:
        self.beds, self.words = {}, ""


def _words(found: waiting_list.Proposal) -> str:
    more = found.placed - found.placed_in_turn
    words = f"A bed for {found.placed} of {len(found.beds)}"
    words += f", {more} more than by taking turns" if more > 0 else ""
    return words + ("." if found.proven else ", the best found in the time.")
