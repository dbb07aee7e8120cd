"""Latents of whole splits, and maps of them."""

from explorer.latent.encode import EncodedSet, encode_images, latent_to_decode

__all__ = ["EncodedSet", "encode_images", "latent_to_decode"]
