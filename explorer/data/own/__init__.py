"""The user's own pictures as an image set: from a folder or a zip, sub-folders as classes."""

from __future__ import annotations

from explorer.data.own.importing import CHANNELS, SIZES, ImportFailed, ImportReport, Refused, import_pictures
from explorer.data.own.limits import Limits
from explorer.data.own.names import name_for

__all__ = ["CHANNELS", "SIZES", "ImportFailed", "ImportReport", "Limits", "Refused", "import_pictures", "name_for"]
