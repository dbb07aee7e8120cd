"""The learned prior of a run: what trains it, what it becomes, and the run with it and the rate that follows."""

from __future__ import annotations

from pathlib import Path

from explorer.data import ImageSet, load_image_set
from explorer.errors import RunError
from explorer.models import VAE, VQVAE, ComposedQuantizer, Quantizer
from explorer.models.prior import GaussianTransformer, MaskedFlow
from explorer.reports.rates import with_rates
from explorer.runs import Run, load_run, update_run
from explorer.runs.card import model_card
from explorer.runs.priors import PriorFiles, learned_rung, trained, trained_mixture
from explorer.training.code_grids import CodeGrids
from explorer.training.latent_draws import LatentDraws
from explorer.training.prior import PriorTrainer, code_prior_trainer, latent_prior_trainer
from explorer.training.prior_config import PriorConfig
from explorer.training.vector_prior import flow_config, mixtures


def finished(name: str | Path) -> tuple[Run, ImageSet]:
    """A run that was trained to its end, and its image set.

    Raises:
        RunError: it was not, or its pictures are others by now.
    """
    run = load_run(name)
    if run.info.s2 is None:
        raise RunError("run_unfinished", folder=run.folder, step=run.info.step, steps=run.config.steps)
    image_set = load_image_set(run.config.data)
    if image_set.sha256 != run.info.data_sha256:
        raise RunError("run_other_images", folder=run.id, name=run.config.data)
    return run, image_set


def prior_trainer(run: Run, image_set: ImageSet, config: PriorConfig) -> PriorTrainer:
    """What trains the prior of a VQ-VAE's codes or of a VAE's latents; an AE has none to train.

    Args:
        run: whose latents are learned.
        image_set: that it was trained on.
        config: settings; for a VAE with one vector they are adapted to a flow.
    """
    augmented = run.config.augment
    if isinstance(run.model, VQVAE):
        grids = CodeGrids(run.model, image_set, augmented=augmented, seed=config.seed)
        return _code_trainer(config, grids, run.model.quantizer)
    assert isinstance(run.model, VAE)
    draws = LatentDraws(run.model, image_set, augmented=augmented, seed=config.seed)
    if run.config.spatial:
        return latent_prior_trainer(config, draws, GaussianTransformer.kind)
    return latent_prior_trainer(flow_config(config), draws, MaskedFlow.kind)


def learned_files(run: Run, trainer: PriorTrainer) -> PriorFiles:
    """What goes into the run's folder: of a VAE with one vector the better of the trained flow and of mixtures."""
    if run.config.is_vq or run.config.spatial:
        return trained(trainer)
    assert isinstance(trainer.data, LatentDraws)
    return _better(trainer, trainer.data)


def attach(run: Run, image_set: ImageSet, files: PriorFiles, folder: Path | None = None) -> Run:
    """The run with its prior, and its report with the rate measured under the weights as they are stored.

    What was measured of another prior's samples is dropped, and a VQ-VAE's bounds, which its prior is a part of.
    """
    stale = ("generation", "evidence") if run.config.is_vq else ("generation",)
    report = {name: value for name, value in run.report.items() if name not in stale}
    done = update_run(run, files.contents(run), report=report, folder=folder)
    if run.config.model == "ae":
        return done
    report = with_rates(done.report, done.model, image_set, learned_rung(done))
    return update_run(done, report=report, card=model_card(done.info, report, image_set))


def _code_trainer(config: PriorConfig, grids: CodeGrids, quantizer: Quantizer) -> PriorTrainer:
    if isinstance(quantizer, ComposedQuantizer):
        return code_prior_trainer(config, grids, quantizer.num_codes, levels=quantizer.num_levels or 1)
    return code_prior_trainer(config, grids, quantizer.num_codes, quantizer.points().detach())


def _better(flow: PriorTrainer, draws: LatentDraws) -> PriorFiles:
    """The better of a trained flow and of mixtures on validation latents; all their figures are kept."""
    found = list(mixtures(draws, flow.config.seed))
    candidates = {"flow": min(flow.val_bits)} | {
        f"{len(each.mixture.weights)} Gaussians": each.val_bits for each in found
    }
    facts = {"candidates_val_bits": candidates}
    best = min(found, key=lambda each: each.val_bits, default=None)
    if best is None or best.val_bits > candidates["flow"]:
        files = trained(flow)
        return PriorFiles(files.tensors, files.facts | facts, files.half)
    return trained_mixture(best.mixture, draws, facts | {"settings": flow.config.to_dict()})
