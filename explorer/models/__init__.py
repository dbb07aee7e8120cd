"""Autoencoder, VAE and VQ-VAE over one trunk."""

from explorer.models.ae import AE
from explorer.models.base import Autoencoder, ImageShape
from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMAUpdate, GradientUpdate
from explorer.models.composed import ComposedOutput, ComposedQuantizer
from explorer.models.compositions import COMPOSITIONS
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.distances import DISTANCES
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS
from explorer.models.grouped import GroupedQuantizer
from explorer.models.kl_policies import KL_POLICIES
from explorer.models.latents import CodeLatent, GaussianLatent, Latent, PointLatent
from explorer.models.quantizer_base import Quantizer, QuantizerOutput
from explorer.models.registry import QUANTIZERS
from explorer.models.regularizers import REGULARIZERS
from explorer.models.residual import ResidualQuantizer
from explorer.models.vae import VAE
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.models.vqvae import VQVAE

__all__ = [
    "AE",
    "CODEBOOK_INITS",
    "CODEBOOK_UPDATES",
    "COMPOSITIONS",
    "DEAD_CODE_POLICIES",
    "DISTANCES",
    "GRADIENT_ESTIMATORS",
    "KL_POLICIES",
    "QUANTIZERS",
    "REGULARIZERS",
    "VAE",
    "VQVAE",
    "Autoencoder",
    "CodeLatent",
    "ComposedOutput",
    "ComposedQuantizer",
    "EMAUpdate",
    "GaussianLatent",
    "GradientUpdate",
    "GroupedQuantizer",
    "ImageShape",
    "Latent",
    "PointLatent",
    "Quantizer",
    "QuantizerOutput",
    "ResidualQuantizer",
    "VectorQuantizer",
]
