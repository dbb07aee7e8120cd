"""`python -m explorer`, and the command `explorer`."""

from __future__ import annotations

import sys


def main() -> int:
    """`app` is served by its own module, which sets torch and Gradio up before they are imported; the rest is `cli`."""
    if sys.argv[1:2] == ["app"]:
        from explorer.serve import main as serve

        return serve(sys.argv[2:])
    from explorer.cli import main as command

    return command()


if __name__ == "__main__":
    sys.exit(main())
