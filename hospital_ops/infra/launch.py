"""What `up` starts and with which settings: the environment of the children and the list of programs."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hospital_ops.config import LOOPBACK, ROOT, SECRET_FILES
from hospital_ops.infra import secret_files
from hospital_ops.infra.certificate import names_of_this_host
from hospital_ops.infra.frontend import QUIET
from hospital_ops.infra.processes import free_port
from hospital_ops.infra.supervisor import Program


@dataclass(frozen=True, slots=True)
class ProgramPlan:
    """One kind of process. `module` must be importable, else the plan is left out."""

    name: str
    module: str
    command: tuple[str, ...]
    patience_seconds: float = 5
    demo_only: bool = False


# One worker needs to know of no others: neither their chatter nor, on Redis, their heartbeats. Also in deploy/compose.yaml.
_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")
_CELERY = (
    "celery",
    "-A",
    "workers.celery_app",
    "worker",
    "--loglevel",
    "INFO",
    "--concurrency",
    "2",
    "-n",
    "worker@%h",
)
# In the order of starting; they stop in the opposite order. The worker gets time to finish the card it reads.
PROGRAMS: tuple[ProgramPlan, ...] = (
    ProgramPlan(
        "worker",
        "workers.celery_app",
        (*_CELERY, *_ALONE),
        patience_seconds=8,
    ),
    ProgramPlan("relay", "workers.relay", ("workers.relay",)),
    ProgramPlan("clock", "workers.clock", ("workers.clock",)),
    ProgramPlan("listener", "workers.hl7_listener", ("workers.hl7_listener",)),
    ProgramPlan("payer", "hospital_ops.sim.payer", ("hospital_ops.sim.payer",), demo_only=True),
    ProgramPlan("sim", "hospital_ops.sim.live", ("hospital_ops.sim.live",), demo_only=True),
)


def is_here(module: str) -> bool:
    """Whether a module can be imported, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def planned(demo: bool, own_payer: bool = True) -> list[ProgramPlan]:
    """The programs beside the web process that this `up` runs. A payer that was named needs no simulated one."""
    plans = [plan for plan in PROGRAMS if is_here(plan.module) and (demo or not plan.demo_only)]
    return [plan for plan in plans if plan.name != "payer" or own_payer]


def payer(demo: bool) -> dict[str, str]:
    """HOSPITAL_ settings of whom eligibility is asked from: the one that was named, in the demo the simulated one."""
    named = os.environ.get("HOSPITAL_PAYER_URL", "")
    return {"PAYER_URL": named or f"http://127.0.0.1:{free_port()}"} if named or demo else {}


def program(plan: ProgramPlan, environment: Mapping[str, str], logs: Path) -> Program:
    command = [sys.executable, "-m", *plan.command]
    return Program(command, environment, logs / f"{plan.name}.log", ROOT, patience_seconds=plan.patience_seconds)


def web(environment: Mapping[str, str], logs: Path, number: int = 1, port: int | None = None) -> Program:
    """A web process. A second one needs its own port; Redis carries the states of both."""
    name = "web" if number == 1 else f"web-{number}"
    own = {"HOSPITAL_WEB_NAME": name} | ({"HOSPITAL_PORT": str(port)} if port else {})
    command = [sys.executable, "-m", "hospital_ops", "web"]
    return Program(command, {**environment, **own}, logs / f"{name}.log", ROOT, patience_seconds=4)


def shown_host(host: str) -> str:
    """What people type for a host: an address of this machine for "all of them"."""
    name = names_of_this_host(host)[0] if host in {"0.0.0.0", "::"} else host
    return f"[{name}]" if ":" in name else name


def addresses(host: str, port: int, public_url: str) -> dict[str, str]:
    """HOSPITAL_ settings that say where the hospital is reached, and from which origins a socket is accepted."""
    if host in LOOPBACK:
        return {"HOST": host, "PORT": str(port), "PUBLIC_URL": public_url, "ORIGINS": ""}
    names = [f"[{name}]" if ":" in name else name for name in names_of_this_host(host)]
    origins = ",".join(f"https://{name}:{port}" for name in names)
    own = public_url or f"https://{shown_host(host)}:{port}"
    return {"HOST": host, "PORT": str(port), "PUBLIC_URL": own, "ORIGINS": origins}


def secrets_of(folder: Path, demo: bool) -> dict[str, str]:
    """HOSPITAL_ settings that are secret: from the environment, in the demo made once in the data folder."""
    makers = {
        "master_key": secret_files.new_key,
        "jwt_key": secret_files.new_key,
        "demo_password": secret_files.new_password,
    }
    found = {name: os.environ.get(f"HOSPITAL_{name.upper()}", "") for name in SECRET_FILES}
    if demo:
        for name, file in SECRET_FILES.items():
            # A password that was given is kept too: the next start without it must not lock people out.
            if found[name] and name == "demo_password":
                secret_files.write(folder / file, found[name])
            found[name] = found[name] or secret_files.kept(folder / file, makers[name])
    return {name.upper(): value for name, value in found.items() if value}


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a child: ours, the settings, and what keeps the libraries quiet."""
    named = {f"HOSPITAL_{name}": value for name, value in settings.items()}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, **QUIET, **named, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
