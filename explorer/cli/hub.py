"""`python -m explorer push RUN USER/NAME` and `pull USER/NAME`: runs and records to and from the Hugging Face Hub."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from explorer.errors import RunError
from explorer.runs import Run, load_run
from explorer.runs.recorded import RecordedRun, is_record


def add_hub(commands: Any) -> None:
    """Add both commands to the parser's."""
    push = commands.add_parser("push", help="put a run, or the record of a training, on the Hugging Face Hub")
    push.set_defaults(command=push_command)
    push.add_argument("run", help="id or folder; or the folder of a record")
    push.add_argument("--private", action="store_true", help="make a new repository private")

    pull = commands.add_parser("pull", help="fetch a run or a record from the Hugging Face Hub")
    pull.set_defaults(command=pull_command)

    for command in (push, pull):
        command.add_argument("repository", metavar="USER/NAME", help="a model repository")
        command.add_argument("--endpoint", metavar="URL", help="another Hub; $HF_ENDPOINT if left out")
    pull.add_argument("--into", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs")
    pull.add_argument("--revision", help="branch, tag or commit")


def push_command(args: argparse.Namespace) -> None:
    """Push, asking for a token if none is known."""
    from explorer.runs.hub import push_to_hub  # its imports take a second that no other command should wait for
    from explorer.runs.record_hub import push_record

    how: dict[str, Any] = {"ask": ask_for_token, "private": args.private, "endpoint": args.endpoint}
    if is_record(Path(args.run)):
        print(push_record(Path(args.run), args.repository, **how))
    else:
        print(push_to_hub(load_run(args.run), args.repository, **how))


def pull_command(args: argparse.Namespace) -> None:
    """Pull, and say what was fetched."""
    from explorer.runs.hub import pull_from_hub
    from explorer.runs.record_hub import pull_record

    def tell(name: str, size: int) -> None:
        print(f"{name}  {size / 1e6:.1f} MB", file=sys.stderr)

    how: dict[str, Any] = {"revision": args.revision, "endpoint": args.endpoint, "tell": tell}
    try:
        run: Run | RecordedRun = pull_from_hub(args.repository, args.into, **how)
    except RunError as error:
        if error.code != "hub_no_run":
            raise
        run = pull_record(args.repository, args.into, **how)
    print(f"{run.id}  ({run.folder})")


def ask_for_token() -> str:
    """What is typed in at a terminal; "" where there is none."""
    if not sys.stdin.isatty():
        return ""
    return getpass.getpass("Hugging Face token with write access (https://huggingface.co/settings/tokens): ")
