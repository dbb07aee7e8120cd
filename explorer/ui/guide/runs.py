"""Which runs a step of the guide speaks of: found by what they are, so that retrained and new runs take their parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.errors import RunError
from explorer.runs import Run
from explorer.training.config import RunConfig
from explorer.ui.computed import cases, catalog
from explorer.ui.view import View

Wish = Callable[[RunConfig], bool]


def _flat(config: RunConfig) -> bool:
    return config.latent_dim == 2 and not config.spatial


def _plain(config: RunConfig) -> bool:
    """A VQ-VAE without a remedy, of codes that are drawn as they are."""
    return config.embedding_dim == 2 and config.dead_codes == "keep" and config.quantizer == "vq"


def _is(model: str, update: str = "") -> Wish:
    return lambda config: config.model == model and (not update or config.codebook_update == update)


@dataclass(frozen=True)
class Role:
    """A part in the story.

    Attributes:
        kind: what a run must be.
        wish: what it is at best.
        train: arguments of `python -m explorer train` that make one.
    """

    kind: Wish
    wish: Wish
    train: str


ROLES = {
    "ae": Role(_is("ae"), _flat, "--model ae"),
    "vae": Role(_is("vae"), lambda config: _flat(config) and config.beta == 1, "--model vae"),
    "vq": Role(
        _is("vqvae"),
        lambda config: _plain(config) and config.codebook_update == "ema" and config.ema_start == "hold",
        "--model vqvae",
    ),
    "gradient": Role(_is("vqvae", "gradient"), _plain, "--model vqvae --codebook-update gradient"),
    "ema": Role(_is("vqvae", "ema"), _plain, "--model vqvae --codebook-update ema"),
}


@dataclass(frozen=True)
class RunsByRole:
    """The runs of a View, by role: their part in the story.

    A part is played by the View's own run where it fits, so that questions are about what is on the screen; else by the
    run that the step itself would put there.
    """

    view: View

    def usual(self, name: str) -> str:
        """Id of the run that plays a part when nobody chose one.

        Raises:
            RunError: the set has none.
        """
        role, runs = ROLES[name], catalog.runs_of(self.view.data)
        fitting = [info for info in runs if role.kind(info.config)]
        if not fitting:
            raise RunError("run_not_here", train=f"{role.train} --data {self.view.data}")
        preferred = catalog.default_run(self.view.data, ("vqvae",) if name == "vq" else (name,))
        return min(fitting, key=lambda info: (not role.wish(info.config), info.id != preferred)).id

    def id(self, name: str) -> str:
        """Id of the run that plays a part now."""
        known = {info.id: info.config for info in catalog.runs_of(self.view.data)}
        shown = [run for run in (self.view.left, self.view.right) if run in known and ROLES[name].kind(known[run])]
        return shown[-1] if shown else self.usual(name)

    def run(self, name: str) -> Run:
        """The run that plays a part now.

        Raises:
            RunError: the set has none, or it cannot be read.
        """
        return catalog.run(self.id(name))

    def codebooks(self) -> tuple[Run, Run]:
        """Left and right of the tab Codebook."""
        pair = cases.shown_pair(self.view.left, self.view.right, self.view.data)
        if not pair[0].run or not pair[1].run:
            raise RunError("run_not_here", train=f"{ROLES['vq'].train} --data {self.view.data}")
        return catalog.run(pair[0].run), catalog.run(pair[1].run)


def roles_of(view: View) -> RunsByRole:
    """The runs of a view, by role."""
    return RunsByRole(view)
