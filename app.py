"""The explorer's page: `python app.py [--port N] [--host H]`. Also the entry of a Hugging Face Space."""

from __future__ import annotations

import sys

from explorer.serve import imported, main

__all__ = ["imported", "main"]

if __name__ == "__main__":
    sys.exit(main())
