"""Good values and bad ones for everything that a visitor can send."""

from __future__ import annotations

from typing import Any

from explorer.ui.questions import QUESTIONS
from tests.ui.conftest import AE, EMA, SPATIAL, VAE, VAE16, VQ64

GRID = [3] * 49
CURVES = {"rule": "stale", "windows": "1", "starved": 10, "columns": "1", "steps": "log"}
CONFIG = {"model": "vae", "steps": 2, "batch_size": 8, "width": 4}

#: name -> questions that are answered, or refused for what the tiny runs lack.
GOOD: dict[str, list[dict[str, Any]]] = {
    "between": [{"data": "fashion", "image": 1, "image_b": 2, "ae": AE, "vae": VAE, "vqvae": EMA}],
    "closer": [{"left": VAE, "right": EMA, "image": 3}, {"left": VAE, "right": EMA, "pixels": "AAAA"}],
    "class_link": [{}, {"lang": "zh"}],
    "codebook_curves": [CURVES, {"left": "no-such-run", "right": "no-such-run"} | CURVES],
    "codebook_health": [{"run": EMA}],
    "collapse_replay": [{"rule": "ema", "init": "kmeans"}],
    "collapse_record": [{"record": "mine"}],
    "collapse_example": [{"example": "healthy"}],
    "compare": [{"left": VAE, "right": EMA}],
    "decode": [{"run": VAE, "z": [0, 0]}, {"run": EMA, "indices": GRID}],
    "encode": [{"run": VAE, "image": 1}, {"run": EMA, "picture": "no picture"}],
    "features": [{"data": "fashion", "left": VAE, "right": EMA}, {"data": "faces"}],
    "guide": [{"step": step, "part": part} for step in (0, 3, 6, 9) for part in ("doubt", "answer")],
    "influence": [{"run": VAE, "unit": 0, "amount": 1}, {"run": EMA, "cell": 0}],
    "information": [{"run": EMA}],
    "iwae": [{"run": VAE, "image": 0, "parts": 0}],
    "levels": [{"run": EMA, "image": 0}],
    "nearest": [{"run": VAE, "z": [0, 0]}],
    "patches": [{"run": EMA, "code": 3}],
    "posterior": [{"run": VAE16, "image": 0}],
    "quantize": [{"run": VAE}, {"run": VAE, "image": 1, "bits": 8}],
    "rate_distortion": [{"data": "fashion", "left": VAE, "right": EMA}],
    "reconstruct": [{"run": VAE, "image": 0}],
    "roughness": [{"ae": AE, "vae": VAE, "size": 99}],
    "runs": [{"data": "all"}, {"data": "fashion"}],
    "samples": [{"run": VAE, "prior": "normal", "count": 2}, {"run": EMA, "prior": "learned", "count": 1}],
    "set_bounds": [{"run": SPATIAL}],
    "sharpness": [{"left": VAE, "right": EMA}],
    "study": [{"size": ""}],
    "sweep": [{"data": "fashion", "left": VAE}],
    "thumbs": [{"data": "fashion", "count": 2, "images": [0, 1]}],
    "train_check": [
        {"configs": [CONFIG]},
        {"configs": [CONFIG | {"batch_size": 10**5}]},
        {"configs": [CONFIG | {"steps": 10**9}]},
        {"configs": [CONFIG, CONFIG | {"seed": 1}]},
        {"configs": [CONFIG | {"data": "no-such-set"}]},
        {"configs": [CONFIG | {"data": "mnist"}]},
    ],
    "train_command": [{"job": "JOB", "do": do} for do in ("pause", "resume", "keep", "discard")],
    "train_decoder": [{"job": "JOB", "side": 0}],
    "train_delete": [{"run": VAE}],
    "train_delete_record": [{"record": "example"}],
    "train_delete_set": [{"set": "fashion"}],
    "train_jobs": [{}],
    "train_prior": [{"run": EMA}],
    "train_start": [{"configs": [CONFIG]}, {"configs": []}],
    "train_state": [{"job": "JOB", "first": True}],
    "umap": [
        {"run": run, "action": do, "token": "0" * 16} for do in ("start", "state", "cancel") for run in (VQ64, VAE)
    ],
    "units": [{"data": "fashion"}, {"data": "fashion", "film": "", "left": VAE}],
    "waste": [{}, {"lang": "zh"}],
    "write": [{"run": EMA, "written": 0, "codes": []}],
}
assert GOOD.keys() == QUESTIONS.keys()

#: Values that nothing expects.
BAD: list[dict[str, Any]] = [
    {},
    dict.fromkeys(("run", "data", "job", "configs", "left", "right", "image")),
    {"run": "no-such-run", "data": "no-such-set", "job": "0" * 16, "set": "no-such-set", "left": VAE, "right": "x"},
    {"run": [VAE], "data": {}, "job": 5, "configs": "x", "image": -1, "view": 7},
    {"run": VQ64, "data": "mnist", "image": 10**9, "code": 10**9, "z": [0], "unit": 99, "cell": 99, "step": 99},
]

#: Values of a link.
LINKS: list[dict[str, str]] = [
    {},
    *(
        {"tab": tab, "guide": "1"}
        for tab in ("latent", "reconstruct", "codebook", "collapse", "generate", "elbo", "train")
    ),
    {"data": "no-such-set", "left": "no-such-run", "mine": "c" * 32, "image": "-1", "z": "x", "hide": "x"},
    {"right": VQ64, "map": "umap", "code": "9999", "z": "1,2,3", "decay": "5", "rule": "x", "windows": "3"},
    {"data": "emoji", "lang": "zh", "tab": "train"},
]
#: What a link and a question name things by.
FIELDS = {"run", "data", "job", "set", "left", "right", "token", "ae", "vae", "vqvae"}
