"""The recorder as a callback of Lightning and of the Hugging Face Trainer, where those are installed.

    trainer = lightning.Trainer(callbacks=[lightning_callback(Recorder("runs/mine", num_embeddings=512))])
    trainer = transformers.Trainer(..., callbacks=[trainer_callback(Recorder("runs/mine", num_embeddings=512))])

Either hooks the quantizers that are known in the model, keeps the scalars that are logged, and closes the record at the
end of the training.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

#: Lightning by its two names, the newer first.
LIGHTNING = ("lightning.pytorch", "pytorch_lightning")


class Recording(Protocol):
    """What is asked of an `explorer.recorder.Recorder`."""

    def attach(self, module: Any) -> None:
        """Log every training pass."""

    def add_scalars(self, values: Mapping[str, Any]) -> None:
        """Keep scalars beside the last step."""

    def close(self) -> None:
        """Write what is not written yet."""


def lightning_callback(recorder: Recording) -> Any:
    """A `lightning.pytorch.Callback` that records.

    Raises:
        ModuleNotFoundError: neither `lightning` nor `pytorch_lightning` is installed.
    """
    name = next((name for name in LIGHTNING if find_spec(name.partition(".")[0])), LIGHTNING[0])

    class RecorderCallback(import_module(name).Callback):  # type: ignore[misc]
        def on_train_start(self, trainer: Any, pl_module: Any) -> None:
            recorder.attach(pl_module)

        def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
            recorder.add_scalars(_scalars(trainer.callback_metrics))

        def on_train_end(self, trainer: Any, pl_module: Any) -> None:
            recorder.close()

    return RecorderCallback()


def trainer_callback(recorder: Recording) -> Any:
    """A `transformers.TrainerCallback` that records.

    Raises:
        ModuleNotFoundError: `transformers` is not installed.
    """

    class RecorderCallback(import_module("transformers").TrainerCallback):  # type: ignore[misc]
        def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
            recorder.attach(model)

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            recorder.add_scalars(_scalars(logs or {}))

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            recorder.close()

    return RecorderCallback()


def _scalars(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers, and tensors of one."""
    return {
        name: value
        for name, value in values.items()
        if (isinstance(value, int | float) and not isinstance(value, bool)) or getattr(value, "numel", lambda: 0)() == 1
    }
