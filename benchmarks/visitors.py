"""What visitors of the page ask for, by a script: a walk through all tabs, one thing after the other."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from explorer.ui.media.media import PREFIX
from explorer.ui.view import TABS

AE, VAE, VAE16 = "fashion-ae-z2-s0", "fashion-vae-z2-s0", "fashion-vae-z16-s0"
EMA, GRADIENT = "fashion-vqvae-d2-k256-ema-s0", "fashion-vqvae-d2-k256-gradient-s0"
IMAGES = 1000  # of the test split
MEDIUM = re.compile(rf"{PREFIX}/[^\"\\ ]+")
RULES = {"rule": "stale", "windows": "1", "starved": 10, "columns": "2", "steps": "log"}


@dataclass(frozen=True)
class Request:
    """One thing asked for.

    Attributes:
        name: of what it is counted under.
        path: below the server's address.
        asked: the JSON object that is posted; None for a GET.
    """

    name: str
    path: str
    asked: dict[str, Any] | None = None


def question(name: str, **asked: Any) -> Request:
    """One of the page's questions."""
    return Request(name, f"explorer/ask/{name}", asked)


def scene(tab: str, commit: int, **view: Any) -> Request:
    """What the page asks Python for when a tab is opened, or an image chosen."""
    data = [{"view": {"tab": tab, "lang": "en", **view}, "serial": 1}]
    body = {"data": data, "fn_index": commit, "session_hash": "benchmark", "trigger_id": None}
    return Request(f"scene {tab}", "gradio_api/run/predict", body)


def cheap(commit: int, seed: int) -> Iterator[Request]:
    """Without end: each tab, what is under the pointer there, another image, the next tab.

    Args:
        commit: number of the page's event.
        seed: of the visitor.
    """
    some = random.Random(seed)
    for tab in itertools.islice(itertools.cycle(TABS), seed % len(TABS), None):
        yield scene(tab, commit, image=some.randrange(IMAGES))
        yield from _under_the_pointer(some)
        yield scene(tab, commit, image=some.randrange(IMAGES), left=some.choice((VAE, AE)), right=EMA)


def _under_the_pointer(some: random.Random) -> list[Request]:
    place = [some.gauss(0, 1), some.gauss(0, 1)]
    codes = [some.randrange(256) for _ in range(49)]
    choices = [
        question("decode", run=VAE, z=place),
        question("decode", run=EMA, indices=codes),
        question("nearest", run=VAE, z=place),
        question("posterior", run=VAE, image=some.randrange(IMAGES)),
        question("patches", run=EMA, code=some.randrange(256)),
        question("thumbs", data="fashion", count=3, images=some.sample(range(IMAGES), 3)),
        question("write", run=EMA, written=5, codes=codes[:5]),
        question("train_jobs"),
    ]
    return some.sample(choices, 4)


def dear(seed: int) -> Iterator[Request]:
    """Without end, what takes computing on each of the tabs, in an order of the visitor's own."""
    some = random.Random(-seed)
    while True:
        image, other = some.sample(range(IMAGES), 2)
        pair = {"left": VAE, "right": EMA}
        choices = [
            question("iwae", run=VAE, image=image, parts=some.randrange(3)),
            question("influence", run=some.choice((VAE16, VAE)), unit=some.randrange(2), amount=1),
            question("influence", run=EMA, cell=some.randrange(49)),
            question("between", data="fashion", image=image, image_b=other, ae=AE, vae=VAE, vqvae=EMA),
            question("sharpness", **pair),
            question("rate_distortion", data="fashion", **pair),
            question("closer", image=image, **pair),
            question("compare", left=some.choice((AE, VAE)), right=some.choice((EMA, GRADIENT))),
            question("codebook_curves", **RULES),
            question("study", size=""),
            question("sweep", data="fashion", left=VAE),
            question("information", run=some.choice((EMA, GRADIENT))),
            question("samples", run=EMA, prior="learned", seed=some.randrange(1000), first=0, count=4),
            question("samples", run=VAE, prior="normal", seed=some.randrange(1000), first=0, count=16),
            question("guide", step=some.randrange(10), part="doubt", view={"data": "fashion"}),
        ]
        yield from some.sample(choices, len(choices))


def media_of(answer: bytes) -> list[str]:
    """Addresses in a scene, which a browser fetches once."""
    return sorted(set(MEDIUM.findall(json.dumps(json.loads(answer)))))


def commit_number(config: dict[str, Any]) -> int:
    """The number of the page's one event for Views, in Gradio's description of the page."""
    events = config["dependencies"]
    return int(next(e["id"] for e in events if any(name == "commit" for _, name in e["targets"])))
