"""Parts of `explorer.recorder`: which steps are kept, which axis is D, how files lie, and which modules are known."""
