"""Autoencoder, VAE and VQ-VAE over one trunk."""

from explorer.models.ae import AE
from explorer.models.base import Autoencoder, ImageShape
from explorer.models.latents import CodeLatent, GaussianLatent, Latent, PointLatent
from explorer.models.quantizer_base import Quantizer, QuantizerOutput
from explorer.models.vae import VAE
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.models.vqvae import VQVAE

__all__ = [
    "AE",
    "VAE",
    "VQVAE",
    "Autoencoder",
    "CodeLatent",
    "GaussianLatent",
    "ImageShape",
    "Latent",
    "PointLatent",
    "Quantizer",
    "QuantizerOutput",
    "VectorQuantizer",
]
