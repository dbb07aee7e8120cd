"""VAE and VQ-VAE side by side: train, look inside, measure, generate."""
