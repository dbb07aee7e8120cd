"""Autoencoder, VAE and VQ-VAE over one trunk."""

from explorer.models.ae import AE
from explorer.models.base import Autoencoder, ImageShape
from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMAUpdate, GradientUpdate
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.distances import DISTANCES
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS
from explorer.models.latents import CodeLatent, GaussianLatent, Latent, PointLatent
from explorer.models.quantizer_base import Quantizer, QuantizerOutput
from explorer.models.registry import QUANTIZERS
from explorer.models.regularizers import REGULARIZERS
from explorer.models.vae import VAE
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.models.vqvae import VQVAE

__all__ = [
    "AE",
    "CODEBOOK_INITS",
    "CODEBOOK_UPDATES",
    "DEAD_CODE_POLICIES",
    "DISTANCES",
    "GRADIENT_ESTIMATORS",
    "QUANTIZERS",
    "REGULARIZERS",
    "VAE",
    "VQVAE",
    "Autoencoder",
    "CodeLatent",
    "EMAUpdate",
    "GaussianLatent",
    "GradientUpdate",
    "ImageShape",
    "Latent",
    "PointLatent",
    "Quantizer",
    "QuantizerOutput",
    "VectorQuantizer",
]
