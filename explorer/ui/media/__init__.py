"""Heavy things by address: weights, points, codebooks and pictures, each under a URL that names its content."""
