"""VAE and VQ-VAE side by side: train, look inside, measure, generate."""

__version__ = "0.9.0"
