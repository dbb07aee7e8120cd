"""The variational autoencoder of Kingma & Welling 2014, with the likelihood of σ-VAE (Rybkin et al. 2021)."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.models.base import DEFAULT_WIDTH, Autoencoder, ImageShape
from explorer.models.kl_policies import KL_POLICIES, KLPolicy, Target
from explorer.models.latents import GaussianLatent
from explorer.models.objectives import VAETerms, gaussian_kl, optimal_variance_nll
from explorer.models.quantizer_base import choose
from explorer.models.ranks import join_over_ranks, mean_over_ranks

#: Bounds of log σ²: keeps exp() finite on a wild start; trained posteriors lie well inside.
LOGVAR_RANGE = (-16.0, 8.0)


class VAE(Autoencoder):
    """Gaussian posterior, standard normal prior, Gaussian likelihood of one shared, optimal variance.

    Args:
        shape: of the images.
        latent_dim: Z, or channels per position with `spatial`.
        spatial: a grid of latents in place of one vector: the like-for-like partner of a VQ-VAE.
        beta: weight of the KL; 1 is the ELBO.
        kl_policy: a name of `KL_POLICIES` or an instance; what training pays for the KL.
        width: channels of the trunk.
        decoder_width: of the decoder alone; `width` if left out.
        seed: of the weights.

    Attributes:
        kl_weights: what the KL policy remembers between updates, if it does.
        kl_share: what β is multiplied with in training; whoever trains sets it from `kl_policy` at each step.
    """

    kind = "vae"

    def __init__(
        self,
        shape: ImageShape,
        latent_dim: int = 2,
        *,
        spatial: bool = False,
        beta: float = 1.0,
        kl_policy: str | KLPolicy = "plain",
        width: int = DEFAULT_WIDTH,
        decoder_width: int | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(
            shape,
            encoder_outputs=2 * latent_dim,
            decoder_inputs=latent_dim,
            spatial=spatial,
            width=width,
            decoder_width=decoder_width,
            seed=seed,
        )
        self.latent_dim = latent_dim
        self.beta = beta
        self.kl_policy: KLPolicy = choose(KL_POLICIES, kl_policy, "KL policy")
        self.kl_share = 1.0
        self.kl_weights: Tensor | None
        self.register_buffer("kl_weights", self.kl_policy.weights())

    def encode(self, x: Tensor) -> GaussianLatent:
        """Images `(B, C, H, W)` in [0, 1] to the posterior's mean and log variance, `(B, Z)` or `(B, D, h, w)`."""
        mean, logvar = self.features(x).chunk(2, dim=1)
        return GaussianLatent(mean, logvar.clamp(*LOGVAR_RANGE))

    def decode(self, z: Tensor) -> Tensor:
        """`z` to the mean of `p(x|z)`, `(B, C, H, W)`, unclipped."""
        image: Tensor = self.decoder(z)
        return image

    def loss_terms(self, x: Tensor, generator: torch.Generator | None = None) -> VAETerms:
        """One sample of z for each image, ε drawn from `generator`; in training mode as a share of the joined batch."""
        latent = self.encode(x)
        mse = (self.decode(latent.sample(generator, over_ranks=self.training)) - x).square().mean()
        mse = mean_over_ranks(mse) if self.training else mse  # before its logarithm
        each = gaussian_kl(latent)  # (B, Z) or (B, D, h, w)
        kl = each.flatten(1).sum(1).mean()
        return VAETerms(mse=mse, nll=optimal_variance_nll(mse, self.shape.values), kl=kl, kl_paid=self._paid(each))

    def loss(self, terms: VAETerms) -> Tensor:
        """`-ELBO` in nats per image, for β = 1; in training mode as the KL policy pays for it."""
        if not self.training:
            return terms.nll + self.beta * terms.kl
        kl = terms.kl if terms.kl_paid is None else terms.kl_paid
        return terms.nll + self.beta * self.kl_share * kl

    def _paid(self, each: Tensor) -> Tensor | None:
        if not self.training:
            return None
        if isinstance(self.kl_policy, Target) and self.kl_weights is not None:
            return self._weighed(each, self.kl_policy, self.kl_weights)
        kl = each.flatten(2).sum(2).mean(0) if each.ndim == 4 else each.mean(0)  # (units,)
        paid = self.kl_policy.paid(kl)
        # What is not linear takes the joined batch's mean first.
        return paid if paid is None else self.kl_policy.paid(mean_over_ranks(kl))

    def _weighed(self, each: Tensor, policy: Target, weights: Tensor) -> Tensor:
        paid = policy.weighed(each, weights)
        shares = join_over_ranks(
            torch.stack([bound(each.detach()) for bound in (torch.min, torch.mean, torch.max)])[None]
        )
        self.kl_weights = policy.moved(weights, shares[:, 0].min(), shares[:, 1].mean(), shares[:, 2].max())
        return paid
