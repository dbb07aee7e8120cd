"""`python -m explorer push RUN USER/NAME` and `pull USER/NAME`: runs to and from the Hugging Face Hub."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from explorer.runs import load_run


def add_hub(commands: Any) -> None:
    """Add both commands to the parser's."""
    push = commands.add_parser("push", help="put a run on the Hugging Face Hub")
    push.set_defaults(command=push_command)
    push.add_argument("run", help="id or folder")
    push.add_argument("--private", action="store_true", help="make a new repository private")

    pull = commands.add_parser("pull", help="fetch a run from the Hugging Face Hub")
    pull.set_defaults(command=pull_command)

    for command in (push, pull):
        command.add_argument("repository", metavar="USER/NAME", help="a model repository")
        command.add_argument("--endpoint", metavar="URL", help="another Hub; $HF_ENDPOINT if left out")
    pull.add_argument("--into", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs")
    pull.add_argument("--revision", help="branch, tag or commit")


def push_command(args: argparse.Namespace) -> None:
    """Push, asking for a token if none is known."""
    from explorer.runs.hub import push_to_hub  # its imports take a second that no other command should wait for

    print(
        push_to_hub(
            load_run(args.run), args.repository, ask=ask_for_token, private=args.private, endpoint=args.endpoint
        ),
    )


def pull_command(args: argparse.Namespace) -> None:
    """Pull, and say what was fetched."""
    from explorer.runs.hub import pull_from_hub

    def tell(name: str, size: int) -> None:
        print(f"{name}  {size / 1e6:.1f} MB", file=sys.stderr)

    run = pull_from_hub(args.repository, args.into, revision=args.revision, endpoint=args.endpoint, tell=tell)
    print(f"{run.id}  ({run.folder})")


def ask_for_token() -> str:
    """What is typed in at a terminal; "" where there is none."""
    if not sys.stdin.isatty():
        return ""
    return getpass.getpass("Hugging Face token with write access (https://huggingface.co/settings/tokens): ")
