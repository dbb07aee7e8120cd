"""Every registry entry in every combination: it works, or one sentence says which two settings do not go together."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import torch

from explorer.errors import ConfigError
from explorer.models import VQVAE, ImageShape, Quantizer
from explorer.models.compositions import COMPOSITIONS
from explorer.models.registry import INSISTS, QUANTIZERS
from explorer.studies.plan import RULES
from explorer.studies.remedies import REMEDIES, Remedy
from explorer.training.build import build_quantizer
from explorer.training.config import CHOICES, RunConfig
from explorer.training.loop import Trainer
from tests.registries import ENTRIES, INNER, OUTER, SIZES, settings_with
from tests.tiny import tiny_config, tiny_set

K, D = 12, 2


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def combinations(registries: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for names in itertools.product(*registries.values()):
        yield dict(zip(registries, names, strict=True))


#: Parts that are not the first of their registry: every two meet in the gate, every three in `make verify`. What goes
#: with what is held for all of them at once.
AT_A_TIME = int(os.environ.get("EXPLORER_PARTS", "2"))


def departures(parts: Mapping[str, Any]) -> int:
    """How many of `parts` are not the first of their registry."""
    return sum(parts.get(setting, next(iter(names))) != next(iter(names)) for setting, names in (OUTER | INNER).items())


def legal(parts: dict[str, str]) -> bool:
    return not any(
        parts[setting] == name and any(parts[other] not in known for other, known in others.items())
        for (setting, name), others in INSISTS.items()
    )


@pytest.mark.parametrize("outer", list(combinations(OUTER)), ids=lambda parts: "-".join(parts.values()))
def test_every_combination_works_or_says_why_not(outer: dict[str, str]) -> None:
    for inner in combinations(INNER):
        parts = outer | inner
        if not legal(parts):
            with pytest.raises(ConfigError, match=r"^--\S+ \S+ goes with --\S+ .+, got '\S+': change one of the two$"):
                RunConfig(model="vqvae", **parts)  # type: ignore[arg-type]
            continue
        sizes: dict[str, Any] = {"num_embeddings": K, "embedding_dim": D} | SIZES.get(parts["quantizer"], {})
        config = RunConfig(model="vqvae", **sizes, **parts)  # type: ignore[arg-type]
        if departures(parts) > AT_A_TIME:
            continue
        quantizer, fresh = build_quantizer(config), build_quantizer(config)
        commits = "commitment_cost" in QUANTIZERS[parts["quantizer"]].parts
        check_pass(quantizer, trains_by_loss=commits or parts["regularizer"] != "none")
        check_round_trip(quantizer)
        check_eval(quantizer)
        fresh.load_state_dict(quantizer.state_dict())
        assert torch.equal(fresh.codebook, quantizer.codebook)


def check_pass(quantizer: Quantizer, *, trains_by_loss: bool) -> None:
    for seed in range(3):
        z_e = torch.randn(80, D, 2, 3, generator=seeded(seed), requires_grad=True)
        quantizer.restart_generator.manual_seed(seed)
        out = quantizer(z_e)
        assert out.quantized.shape == z_e.shape
        assert out.indices.shape == (80, 2, 3)
        assert torch.equal(out.counts, torch.bincount(out.indices.flatten(), minlength=quantizer.num_embeddings))
        (out.quantized.square().sum() + out.loss).backward()
        assert z_e.grad is not None
        assert z_e.grad.isfinite().all()
        assert z_e.grad.any()
        assert out.loss.isfinite()
        assert bool(out.loss != 0) == trains_by_loss
    assert not quantizer.needs_data
    assert quantizer.codebook.shape == (quantizer.num_embeddings, D)
    assert quantizer.codebook.isfinite().all()


def check_round_trip(quantizer: Quantizer) -> None:
    """Indices to vectors and back; of equal codes only the lowest comes back."""
    every = torch.arange(quantizer.num_embeddings)
    vectors = quantizer.lookup(every)
    assert torch.equal(vectors, quantizer.codebook)
    back = quantizer.nearest(vectors)
    assert torch.equal(quantizer.lookup(back), vectors)


@torch.no_grad()
def check_eval(quantizer: Quantizer) -> None:
    quantizer.eval()
    before = {name: value.clone() for name, value in quantizer.state_dict().items()}
    generators = quantizer.restart_generator, quantizer.noise_generator
    drawn = [generator.get_state() for generator in generators]
    z_e = torch.randn(40, D, 2, 3, generator=seeded(9))
    out = quantizer(z_e)
    assert torch.equal(quantizer(z_e).quantized, out.quantized)
    assert torch.equal(out.quantized, quantizer.lookup(out.indices))
    assert torch.equal(out.indices, quantizer.nearest(quantizer.project(z_e)))
    distances = torch.cdist(quantizer.project(z_e).movedim(1, -1).reshape(-1, D), quantizer.codebook)
    chosen = distances.gather(1, out.indices.flatten()[:, None])[:, 0]
    torch.testing.assert_close(chosen, distances.amin(1), atol=1e-5, rtol=1e-4)
    assert all(torch.equal(before[name], value) for name, value in quantizer.state_dict().items())
    assert all(torch.equal(a.get_state(), b) for a, b in zip(generators, drawn, strict=True))
    assert not len(out.restarted)


#: One outer part beside the plain ones at a time: what a level is, is tried in every combination above.
COMPOSED: list[dict[str, Any]] = [
    {"quantizer": composition, "level_quantizer": level, "shared_codebook": shared} | one
    for composition in COMPOSITIONS
    for level in QUANTIZERS
    for shared in (False, True)
    for setting in ("gradient_estimator", "distance", "regularizer")
    for one in ({setting: name} for name in OUTER[setting])
]


FIRST = {setting: tuple(registry) for setting, registry in INNER.items()}


@pytest.mark.parametrize("outer", COMPOSED, ids=lambda parts: "-".join(map(str, parts.values())))
def test_every_composition_works_or_says_why_not(outer: dict[str, Any]) -> None:
    plain = {"gradient_estimator": "straight-through", "distance": "euclidean", "regularizer": "none"}
    level: dict[str, Any] = {"quantizer": outer["level_quantizer"]}
    for inner in combinations(INNER):
        if sum(inner[setting] != names[0] for setting, names in FIRST.items()) >= AT_A_TIME:
            continue  # more of them are tried of every level above
        parts: dict[str, Any] = plain | outer | inner
        if not legal(parts | level) or not legal({**parts, "quantizer": outer["quantizer"]}):
            with pytest.raises(ConfigError, match=r"^--\S+ \S+ goes with --\S+ .+, got '\S+': change one of the two$"):
                RunConfig(model="vqvae", **parts)
            continue
        sizes: dict[str, Any] = {"num_embeddings": K} | SIZES.get(parts["level_quantizer"], {})
        config = RunConfig(model="vqvae", embedding_dim=2 * D, levels=2, quantize_dropout=0.5, **sizes, **parts)
        quantizer, fresh = build_quantizer(config), build_quantizer(config)
        check_composed(quantizer)
        fresh.load_state_dict(quantizer.state_dict())
        assert torch.equal(fresh.codebook, quantizer.codebook)


def check_composed(quantizer: Quantizer) -> None:
    for seed in range(3):
        z_e = torch.randn(80, 2 * D, 2, 3, generator=seeded(seed), requires_grad=True)
        quantizer.restart_generator.manual_seed(seed)
        quantizer.noise_generator.manual_seed(seed)
        out = quantizer(z_e)
        assert out.quantized.shape == z_e.shape
        assert out.indices.shape == (80, 2, 3, 2)
        for level in range(2):
            chosen = out.indices[..., level].flatten()
            assert torch.equal(
                out.counts[level], torch.bincount(chosen[chosen >= 0], minlength=quantizer.num_embeddings)
            )
        (out.quantized.square().sum() + out.loss).backward()
        assert z_e.grad is not None
        assert z_e.grad.isfinite().all()
        assert z_e.grad.any()
    quantizer.eval()
    with torch.no_grad():
        before = {name: value.clone() for name, value in quantizer.state_dict().items()}
        out = quantizer(z_e.detach())
        assert torch.equal(out.quantized, quantizer.lookup(out.indices))
        assert torch.equal(quantizer.points()[quantizer.joint(out.indices)].movedim(-1, 1), out.quantized)
        assert all(torch.equal(before[name], value) for name, value in quantizer.state_dict().items())


def test_every_registry_is_a_choice_of_the_command_line() -> None:
    for setting, registry in (OUTER | INNER | {"quantizer": QUANTIZERS | COMPOSITIONS}).items():
        assert CHOICES[setting] == tuple(registry)
    for (setting, name), others in INSISTS.items():
        assert name in CHOICES[setting]
        assert all(set(known) <= set(CHOICES[other]) for other, known in others.items())


@pytest.mark.parametrize("name", [name for name in INSISTS if name[1] in QUANTIZERS])
def test_what_a_quantizer_insists_on_is_what_its_constructor_lacks(name: tuple[str, str]) -> None:
    lacking = {"distance", "dead_codes", "gradient_estimator", "regularizer"} - set(QUANTIZERS[name[1]].parts)
    assert lacking <= set(INSISTS[name])


#: Where a term's gradient arrives in a VQ-VAE that learns by gradient ...
USUAL = {"decoder": {"encoder"}, "codebook_loss": {"codebook"}, "commitment_loss": {"encoder"}, "regularization": set()}
#: ... and what an entry has otherwise.
OTHERWISE: dict[tuple[str, str], dict[str, set[str]]] = {
    ("quantizer", "fsq"): {"codebook_loss": set(), "commitment_loss": set()},
    ("quantizer", "bsq"): {"codebook_loss": set(), "commitment_loss": set()},
    ("codebook_update", "ema"): {"codebook_loss": set()},
    ("codebook_update", "snippet"): {"codebook_loss": set()},
    ("codebook_update", "fixed"): {"codebook_loss": set()},
    ("gradient_estimator", "noise"): {"decoder": {"encoder", "codebook"}, "codebook_loss": set()},
    ("gradient_estimator", "directed-noise"): {"decoder": {"encoder", "codebook"}, "codebook_loss": set()},
    ("regularizer", "entropy"): {"regularization": {"encoder", "codebook"}},
    ("regularizer", "soft-entropy"): {"regularization": {"encoder", "codebook"}},
    ("regularizer", "wasserstein"): {"regularization": {"codebook"}},
}


def arrivals(quantizer: Quantizer) -> dict[str, set[str]]:
    """By term, who gets a gradient that is not zero: "encoder", "codebook", both or neither."""
    z_e = torch.randn(80, D, 2, 3, generator=seeded(4), requires_grad=True)
    out = quantizer(z_e)
    learned = [parameter for parameter in quantizer.parameters() if parameter.requires_grad]
    terms = {
        "decoder": (out.quantized * torch.randn(80, D, 2, 3, generator=seeded(5))).sum(),
        "codebook_loss": out.codebook_loss,
        "commitment_loss": out.commitment_loss,
        "regularization": out.regularization,
    }
    found: dict[str, set[str]] = {}
    for name, term in terms.items():
        found[name] = set()
        if term is not None and term.requires_grad:
            to_encoder, *to_codebook = torch.autograd.grad(term, [z_e, *learned], retain_graph=True, allow_unused=True)
            found[name] |= {"encoder"} if to_encoder is not None and to_encoder.any() else set()
            found[name] |= {"codebook"} if any(grad is not None and grad.any() for grad in to_codebook) else set()
    return found


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry[0] != "ema_start"], ids="-".join)
def test_gradients_arrive_where_they_should(entry: tuple[str, str]) -> None:
    settings = settings_with(*entry, codebook_update="gradient", codebook_init="normal")
    quantizer = build_quantizer(tiny_config(**{"num_embeddings": K, "embedding_dim": D} | settings))
    quantizer.initialize(torch.randn(200, D, generator=seeded(6)), seeded(7))
    assert arrivals(quantizer) == USUAL | OTHERWISE.get(entry, {})


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_trains_as_a_run_and_its_codes_decode(remedy: Remedy) -> None:
    settings = RULES[remedy.rule] | {"codebook_init": remedy.init} | remedy.setting
    sizes = SIZES.get(remedy.setting.get("quantizer", ""), {})
    trainer = Trainer(tiny_config(**settings | sizes), tiny_set())
    records = list(trainer.run())
    assert ("regularization" in records[-1].losses) == ("regularizer" in remedy.setting)
    assert trainer.recorder.trace().frames["codebook"].shape[1:] == (trainer.config.num_embeddings, 2)
    model = trainer.model.eval()
    assert isinstance(model, VQVAE)
    latent = model.encode(tiny_set().batch(torch.arange(4)))
    torch.testing.assert_close(model.decode(latent.indices), model.decode(latent.quantized))


@pytest.mark.parametrize("more", [
    {"quantizer": "residual", "quantize_dropout": 0.5, "dead_codes": "restart"},
    {"quantizer": "residual", "level_quantizer": "simvq", "codebook_update": "gradient", "codebook_init": "normal"},
    {"quantizer": "residual", "shared_codebook": True, "codebook_init": "kmeans"},
    {"quantizer": "grouped", "level_quantizer": "fsq", "embedding_dim": 4},
    {"quantizer": "grouped", "distance": "cosine", "embedding_dim": 4},
], ids=lambda more: "-".join(map(str, more.values())))  # fmt: skip
def test_a_composition_trains_as_a_run_and_resumes_to_the_same_bits(more: dict[str, Any]) -> None:
    config = tiny_config(**more)
    whole, part = Trainer(config, tiny_set()), Trainer(config, tiny_set())
    list(whole.run())
    list(itertools.islice(part.run(), 7))
    resumed = Trainer(config, tiny_set())
    resumed.resume(part.model.state_dict(), part.state(), part.recorder.trace())
    list(resumed.run())
    state = whole.model.state_dict()
    assert all(torch.equal(state[name], value) for name, value in resumed.model.state_dict().items())
    trace = whole.recorder.trace()
    levels = config.num_levels or 0
    assert trace.frames["codebook"].shape[1:] == (levels, 8, config.code_dim)
    assert trace.frames["hits"].shape[1:] == (levels, 8)
    assert {f"used_{level}" for level in range(levels)} < set(trace.curves)
    model = whole.model.eval()
    assert isinstance(model, VQVAE)
    latent = model.encode(tiny_set().batch(torch.arange(4)))
    joint = model.quantizer.joint(latent.indices)
    torch.testing.assert_close(model.decode(latent.indices), model.decode(latent.quantized))
    torch.testing.assert_close(model.decode(joint), model.decode(latent.quantized))


def test_codes_of_every_quantizer_decode() -> None:
    for name in QUANTIZERS:
        quantizer = build_quantizer(tiny_config(**settings_with("quantizer", name)))
        model = VQVAE(ImageShape(1, 8, 8), quantizer, data_variance=1.0, width=8)
        assert model.decode(torch.zeros(1, 2, 2, dtype=torch.int64)).shape == (1, 1, 8, 8)
