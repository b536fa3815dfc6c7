"""The one way from an async handler to the synchronous database code."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 16


@functools.lru_cache(maxsize=2)
def _pool(_pid: int) -> ThreadPoolExecutor:
    # Made on first use, per process: web workers fork after importing the app.
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="hospital")


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a service or query off the event loop. A call on the loop would stall every browser of this process."""
    context = contextvars.copy_context()
    work = functools.partial(context.run, call, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_pool(os.getpid()), work)
