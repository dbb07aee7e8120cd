"""The atlas, against loops over images and cells."""

from __future__ import annotations

from collections import Counter

import numpy as np
import torch

from explorer.latent.atlas import commonest_neighbours, mean_patches

K = 6


def sample(n: int = 40, grid: int = 4):
    generator = torch.Generator().manual_seed(2)
    indices = torch.randint(K - 1, (n, grid, grid), generator=generator)  # the last code is dead
    images = torch.randint(256, (n, 2, 2 * grid, 2 * grid), generator=generator).to(torch.uint8)
    return images, indices


def test_each_neighbour_is_the_commonest_at_its_distance():
    _, indices = sample()
    grids = commonest_neighbours(indices, K).numpy()
    codes = indices.numpy()
    for k in range(K - 1):
        assert grids[k, 2, 2] == k
        for y in range(4):
            for x in range(4):
                dy, dx = y - 2, x - 2
                seen = Counter(
                    codes[i, a + dy, b + dx]
                    for i, a, b in np.argwhere(codes == k)
                    if 0 <= a + dy < 4 and 0 <= b + dx < 4
                )
                assert seen[grids[k, y, x]] == max(seen.values())


def test_a_dead_code_stands_among_the_usual_codes():
    _, indices = sample()
    grid = commonest_neighbours(indices, K)[K - 1]
    usual = indices.mode(0).values
    usual[2, 2] = K - 1
    assert torch.equal(grid, usual)


def test_a_patch_is_the_mean_of_the_pixels_that_exist():
    images, indices = sample()
    patches = mean_patches(images, indices, K).numpy()
    pixels, codes = images.numpy() / 255, indices.numpy()
    assert patches.shape == (K, 2, 6, 6)
    for k in (0, 3):
        total, seen = np.zeros((2, 6, 6)), np.zeros((6, 6))
        for i, a, b in np.argwhere(codes == k):
            for y in range(6):
                for x in range(6):
                    py, px = 2 * a - 2 + y, 2 * b - 2 + x
                    if 0 <= py < 8 and 0 <= px < 8:
                        total[:, y, x] += pixels[i, :, py, px]
                        seen[y, x] += 1
        assert np.allclose(patches[k], total / seen, atol=1e-6)
    assert np.isnan(patches[K - 1]).all()
