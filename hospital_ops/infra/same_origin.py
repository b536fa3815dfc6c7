"""The one change that we make to what Reflex generates: built pages talk to the address they came from.

Reflex bakes the backend's host and port into the pages and drops the port under https. Here one process serves
everything, behind whatever host, port and scheme the person typed, and one build must do for all of them.
"""

from __future__ import annotations

import re
from typing import Any

from reflex.plugins import Plugin

STATE_JS = "utils/state.js"
MARK = "hospital-ops: same origin"
_ORIGINAL = re.compile(r"export const getBackendURL = \(url_str\) => \{\n.*?\n\};\n", re.DOTALL)
_OURS = """export const getBackendURL = (url_str) => {
  // hospital-ops: same origin
  const endpoint = new URL(url_str ?? env.PING);
  if (typeof window !== "undefined") {
    const socket = endpoint.protocol === "ws:" || endpoint.protocol === "wss:";
    const secure = window.location.protocol === "https:";
    endpoint.protocol = (socket ? "ws" : "http") + (secure ? "s:" : ":");
    endpoint.hostname = window.location.hostname;
    endpoint.port = window.location.port;
  }
  return endpoint;
};
"""


def talk_to_own_origin(state_js: str) -> str:
    """Replace `getBackendURL` in Reflex's state.js. Repeating it changes nothing.

    Raises RuntimeError when the function is not found: a newer Reflex must not build a page that calls elsewhere.
    """
    if MARK in state_js:
        return state_js
    changed, count = _ORIGINAL.subn(lambda _: _OURS, state_js)
    if count != 1:
        raise RuntimeError("Reflex's state.js has no getBackendURL where it was; look at infra/same_origin.py.")
    return changed


class SameOriginPlugin(Plugin):
    """Applies the change at every compile, after Reflex has copied its own file."""

    def pre_compile(self, **context: Any) -> None:
        context["add_modify_task"](STATE_JS, talk_to_own_origin)
