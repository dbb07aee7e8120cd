"""What can go wrong, in one sentence each, with the cure.

ExplorerError
├── ConfigError     a model or training setting that cannot work
├── DataError       an image set or a picture that cannot be read
├── QuantizerError  tensors that a quantizer cannot take
├── RunError        a run that is missing, damaged, foreign or too new
└── ViewError       an id or a number that names nothing on the page

Every error carries a `code` and the parameters of its sentence, so that the page can say it in another language
(`explorer.ui.text` holds the Chinese twins). Anything else that is raised is a bug and stays loud.
"""

from __future__ import annotations


class ExplorerError(Exception):
    """An expected failure. `str(error)` is the English sentence: what was expected, what came, what helps.

    Args:
        code: a key of `MESSAGES`.
        params: the values its template names.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code].format(**params))
        self.code = code
        self.params = params


class ConfigError(ExplorerError):
    """A model or training setting that cannot work."""


class DataError(ExplorerError):
    """An image set or a picture that cannot be read."""


class QuantizerError(ExplorerError):
    """Tensors that a quantizer cannot take."""


class RunError(ExplorerError):
    """A run that is missing, damaged, foreign or too new."""


class ViewError(ExplorerError):
    """An id or a number that names nothing on the page."""


MESSAGES: dict[str, str] = {
    # data
    "image_set_unknown": "there is no image set called {name!r}: choose one of {known}",
    "split_unknown": "there is no split called {name!r}: choose one of {known}",
    "image_set_file_missing": "{path} is missing: restore it, or rebuild it with python -m explorer.data.build {name}",
    "image_set_file_damaged": "{path} is damaged: restore it, or rebuild it with python -m explorer.data.build {name}",
    "image_set_manifest_damaged": (
        "{path} cannot be read: restore it, or rebuild it with python -m explorer.data.build {name}"
    ),
    "image_set_hash_mismatch": (
        "the pictures of {name!r} have SHA-256 {found} where {expected} was expected:"
        " rebuild them with python -m explorer.data.build {name}"
    ),
    "debian_package_missing": "{path} is not there: install it with apt-get install {package}",
    # config
    # quantizer
    # runs
    # view
}
