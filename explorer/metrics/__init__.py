"""Numbers about models: arrays in, frozen dataclasses out. Nothing here knows a model, a file or a plot."""
