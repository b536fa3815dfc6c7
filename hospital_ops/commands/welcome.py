"""What `up` says when everything runs: where, as whom, and what to look at first."""

from __future__ import annotations

from pathlib import Path

from hospital_ops.commands.progress import Steps
from hospital_ops.commands.up_options import Options
from hospital_ops.config import Settings

ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("manager", "bed manager, all wards", "/board"),
    ("nurse", "nurse of one ward", "/board"),
    ("doctor", "doctor", "/board"),
    ("housekeeper", "cleans beds; a phone in a corridor", "/tasks"),
    ("porter", "moves patients", "/tasks"),
    ("desk", "registration desk", "/desk"),
    ("staffing", "staffing manager", "/staffing"),
    ("admin", "accounts, audit, settings; no patients", "/admin"),
)
FIRST_LOOKS: tuple[str, ...] = (
    "{url}/board as manager: beds change by themselves within the first minute.",
    "{url}/tasks as housekeeper, in a second window: mark a bed empty on the board and the task arrives here.",
    "{url}/intake on a phone: register as a patient, with a photograph of a card.",
)


def show(steps: Steps, options: Options, settings: Settings, folder: Path) -> None:
    """Print the address, the accounts and their password, and three things to look at."""
    from rich.table import Table

    url = settings.base_url
    steps.say("")
    steps.say(f"[bold]hospital-ops runs at [link={url}]{url}[/link][/bold]  [dim](ready in {steps.total():.1f} s)[/]")
    if settings.https:
        steps.say("The certificate is this machine's own: a phone asks once whether to trust it.")
    if options.demo:
        table = Table(box=None, padding=(0, 2), show_header=False)
        for name, who, page in ACCOUNTS:
            table.add_row(f"[bold]{name}[/]", who, page)
        steps.say("")
        steps.console.print(table)
        kept = folder / "demo-password"
        steps.say(f"\nPassword of all eight: [bold]{settings.demo_password}[/]  [dim](kept in {kept})[/]")
        steps.say("Everything shown is simulated.\n\n[bold]Look first at[/]")
        for line in FIRST_LOOKS:
            steps.say("  " + line.format(url=url))
    steps.say(f"\nLogs: {folder / 'logs'}   Stop: Ctrl-C")
