"""Writes the examples of the tab Collapse: `python scripts/examples.py`.

One of each kind: codebook and indices together, a codebook alone, indices alone with padding, all of shipped runs; and
the record of a short training whose codebook begins far narrower than the encoder's outputs.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.data import load_image_set  # noqa: E402
from explorer.latent import encode_images  # noqa: E402
from explorer.models import VQVAE  # noqa: E402
from explorer.runs import load_run  # noqa: E402
from scripts import clinic  # noqa: E402

FOLDER = ROOT / "explorer/data/examples"
IMAGES = 400  # 19,600 codes: 38 for each of 512


def codes(run_id: str, images: int) -> tuple[np.ndarray, np.ndarray]:
    """A run's codebook (K, D) float16 and the codes (N, h, w) uint16 of its first test images."""
    run = load_run(run_id)
    assert isinstance(run.model, VQVAE)
    image_set = load_image_set(run.config.data)
    encoded = encode_images(run.model, image_set.images[image_set.split("test")[:images]])
    assert encoded.indices is not None
    codebook = run.model.quantizer.codebook.detach().to(torch.float16)
    return codebook.numpy(), encoded.indices.numpy().astype(np.uint16)


def main() -> None:
    """Write the three files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    codebook, indices = codes("fashion-vqvae-d64-k512-gradient-s0", IMAGES)
    np.savez_compressed(FOLDER / "gradient-d64.npz", codebook=codebook, indices=indices)
    codebook, _ = codes("fashion-vqvae-d2-k256-ema-s0", IMAGES)
    save_file({"codebook": codebook}, FOLDER / "ema-d2-codebook.safetensors")
    _, indices = codes("emoji-vqvae-d64-k512-ema-restart-s0", 150)
    padded = np.full((150, 80), -1, np.int16)  # sequences of 64 codes, filled up to 80 as a text model would
    padded[:, :64] = indices.reshape(150, -1)
    np.save(FOLDER / "restart-indices.npy", padded)
    record()


def record() -> None:
    """The record as a zip."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "record-narrow"
        clinic.train("narrow", "fashion", 4, 64, 0, folder)
        (folder / "truth.json").unlink()
        with zipfile.ZipFile(FOLDER / "record-narrow.zip", "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                out.write(path, path.relative_to(folder.parent))


if __name__ == "__main__":
    main()
