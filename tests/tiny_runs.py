"""Finished tiny runs on disk: each kind is trained once per process and copied from then on."""

from __future__ import annotations

from pathlib import Path

from explorer import cli
from explorer.runs import Run, load_run

TRAIN = ["--width", "8", "--steps", "6", "--batch-size", "10", "--json"]
PRIOR = ["--steps", "8", "--evaluate-every", "4", "--batch-size", "16", "--json"]
_KEPT: dict[str, dict[str, bytes]] = {}


def trained_run(model: str) -> Run:
    """The run of a model kind in `./KIND`; needs `cli.commands.load_image_set` to give the tiny set."""
    return _made(
        model, model, ["train", "--model", model, *(["--num-embeddings", "8"] if model == "vqvae" else []), *TRAIN]
    )


def run_with_prior(model: str) -> Run:
    """The same with its prior; needs `reports.prior.load_image_set` too."""
    trained_run(model)
    return _made(f"{model} with its prior", model, ["train-prior", f"./{model}", *PRIOR])


def _made(name: str, folder: str, command: list[str]) -> Run:
    path = Path(folder)
    if name in _KEPT:
        path.mkdir(exist_ok=True)
        for file, content in _KEPT[name].items():
            (path / file).write_bytes(content)
    else:
        assert cli.main([*command, "--out", folder]) == 0
        _KEPT[name] = {file.name: file.read_bytes() for file in path.iterdir()}
    return load_run(path)
