"""Where the tabs' own states are kept: in Redis for all web processes, and in this one while Redis is away.

Reflex by itself loses every click of an outage without a word. A state of ours holds no more than which drawer is open,
so beginning with an empty one is safe: an act on what a page still shows open is refused in a sentence. A tab that has
once been kept here stays here, so that no older state of Redis comes back under a newer page.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from redis.exceptions import RedisError
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.redis import StateManagerRedis

# mypy: disable-error-code="abstract"
# Without a cache mypy takes the base's deprecated spellings of these methods for abstract ones, with one it does not.

log = logging.getLogger(__name__)


def keep_states(app: Any) -> None:
    """Give the app its keeper, where Redis keeps its states at all."""
    found = app._state_manager
    if isinstance(found, StateManagerRedis):
        app._state_manager = KeptStates(
            redis=found.redis,
            token_expiration=found.token_expiration,
            lock_expiration=found.lock_expiration,
            lock_warning_threshold=found.lock_warning_threshold,
        )


@dataclass
class KeptStates(StateManagerRedis):
    """Redis first; `here` for tabs that could not be served by it."""

    here: StateManagerMemory = field(default_factory=StateManagerMemory, init=False)

    def _is_here(self, token: Any) -> bool:
        return self._coerce_token(token).cache_key in self.here.states

    async def get_state(self, token: Any, top_level: bool = True, for_state_instance: Any = None) -> Any:
        """A tab's state. One that completes a tree (`for_state_instance`) comes from where the tree came from."""
        if for_state_instance is None and self._is_here(token):
            return await self.here.get_state(token)
        try:
            return await super().get_state(token, top_level, for_state_instance)
        except RedisError:
            if for_state_instance is not None:
                raise
            return await self.here.get_state(token)

    async def set_state(self, token: Any, state: Any, **context: Any) -> None:
        if self._is_here(token):
            await self.here.set_state(token, state)
        else:
            await super().set_state(token, state, **context)

    @asynccontextmanager
    async def modify_state(self, token: Any, **context: Any) -> AsyncIterator[Any]:
        """The state, locked for one event."""
        async with AsyncExitStack() as held:
            state = None if self._is_here(token) else await self._from_redis(token, held, context)
            if state is None:
                state = await held.enter_async_context(self.here.modify_state(token))
            yield state

    async def _from_redis(self, token: Any, held: AsyncExitStack, context: Any) -> Any:
        """The state with its lock taken, or None while Redis is away."""
        locked = super().modify_state(token, **context)
        try:
            state = await locked.__aenter__()
        except RedisError as away:
            log.warning("a tab's state is kept in this process: Redis is away (%s)", type(away).__name__)
            return None
        held.push_async_exit(partial(self._leave, locked, token))
        return state

    async def _leave(self, locked: Any, token: Any, *raised: Any) -> bool:
        """Save and let go. When Redis went away in the middle, the deed is done and told; only which drawer is open is
        lost."""
        try:
            return bool(await locked.__aexit__(*raised))
        except RedisError as away:
            self._wake(token)
            if raised[1] is away:
                raise
            log.warning("a tab's state could not be saved: Redis went away (%s)", type(away).__name__)
            return False

    def _wake(self, token: Any) -> None:
        """Whoever waits for this tab's lock asks now and hears that Redis is away. Reflex wakes nobody when letting go
        fails, and the next click would wait until the lock's whole time is over."""
        for waiting in self._lock_waiters.get(self._lock_key(self._coerce_token(token)), ()):
            waiting.set()

    async def close(self) -> None:
        await self.here.close()  # type: ignore[no-untyped-call]
        await super().close()  # type: ignore[no-untyped-call]
