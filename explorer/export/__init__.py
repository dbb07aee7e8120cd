"""An exploration as a folder of files: the page without its server.

Whatever the page would ask of Python is asked beforehand and written down: scenes of the Views that are offered,
answers to the questions that its parts ask about those, and the heavy things that both name. `host/` among the page's
assets stands in Gradio's place. docs/decisions/0023-export.md says how and why, docs/export.md what is in it.
"""
