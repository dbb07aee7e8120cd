"""The command line, `python -m explorer COMMAND`: one file a command, put together in `explorer.cli.commands`."""

from __future__ import annotations

from explorer.cli.commands import main, parser

__all__ = ["main", "parser"]
