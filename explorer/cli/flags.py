"""What the flags of several commands share."""

from __future__ import annotations


def attribute_docs(docstring: str) -> dict[str, str]:
    """The `Attributes:` section, name -> sentence, so that help and documentation cannot drift apart."""
    docs: dict[str, str] = {}
    for line in docstring.partition("Attributes:")[2].splitlines():
        name, colon, text = line.strip().partition(": ")
        if colon:
            docs[name] = text.rstrip(".")
    return docs
