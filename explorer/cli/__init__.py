"""The command line, `explorer COMMAND` or `python -m explorer COMMAND`: one file a command.

A command's file is imported when the command is asked for: `list` and `report` need torch, NumPy and safetensors alone,
and are there where the page's packages are not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from explorer.errors import ConfigError, DataError, ExplorerError, RunError

#: command -> its file, and the function there that adds it.
COMMANDS: dict[str, tuple[str, str]] = {
    "train": ("commands", "add_train"),
    "data": ("data", "add_data"),
    "train-prior": ("prior", "add_train_prior"),
    "generation": ("prior", "add_train_prior"),
    "study": ("study", "add_study"),
    "report": ("report", "add_report"),
    "diagnose": ("diagnose", "add_diagnose"),
    "replay": ("whatif", "add_replay"),
    "recommend": ("whatif", "add_recommend"),
    "card": ("card", "add_card"),
    "compare": ("compare", "add_compare"),
    "push": ("hub", "add_hub"),
    "pull": ("hub", "add_hub"),
    "export": ("export", "add_export"),
    "quantize": ("quantize", "add_quantize"),
    "evidence": ("evidence", "add_evidence"),
    "factors": ("factors", "add_factors"),
    "background": ("background", "add_background"),
    "evaluate": ("commands", "add_evaluate"),
    "map": ("commands", "add_map"),
    "list": ("listing", "add_list"),
}
#: What the extra `app` brings.
EXTRA = {"PIL", "gradio", "huggingface_hub", "plotly", "scipy", "skimage", "sklearn", "torchvision", "umap"}
MISSING = "{what} needs packages that are not here ({name}): pip install 'vae-vq-vae-explorer[app]'"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an expected failure is one line on standard error and exit code 2."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = parser(words[0] if words and words[0] in COMMANDS else None).parse_args(words)
        code: int | None = args.command(args)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along, such as `head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        return 0
    except ExplorerError as error:
        if not _said_by_another(error):
            print(f"explorer: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if not is_extra(error):
            raise
        print(f"explorer: {MISSING.format(what=words[0], name=error.name)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code or 0


def is_extra(error: ModuleNotFoundError) -> bool:
    """Whether what is not there comes with the page's packages."""
    return (error.name or "").partition(".")[0] in EXTRA


def _said_by_another(error: ExplorerError) -> bool:
    """Whether the first of several processes finds the same fault and says so; a lost process only the others miss."""
    rank, on_this_machine = (int(os.environ.get(name, "0")) for name in ("RANK", "LOCAL_RANK"))
    alike = isinstance(error, ConfigError) or error.code == "training_diverged"
    same_files = isinstance(error, DataError | RunError)
    return (alike and rank > 0) or (same_files and on_this_machine > 0)


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """All commands and their flags, or one; a command whose packages are missing says so in its help."""
    top = argparse.ArgumentParser(prog="explorer", description="VAE and VQ-VAE, side by side.")
    commands = top.add_subparsers(required=True, metavar="command")
    for module, function in dict.fromkeys(COMMANDS.values() if only is None else (COMMANDS[only],)):
        try:
            getattr(import_module(f"explorer.cli.{module}"), function)(commands)
        except ModuleNotFoundError as error:
            if only is not None or not is_extra(error):
                raise
            for name in (name for name, place in COMMANDS.items() if place == (module, function)):
                commands.add_parser(name, help="needs the packages of vae-vq-vae-explorer[app]")
    if only is None:
        commands.add_parser("app", help="serve the page; --port N, --host H")
    return top
