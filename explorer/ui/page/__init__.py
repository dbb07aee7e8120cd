"""What Gradio is asked for: the page and its parts, the endpoints, and how both are served."""

from explorer.ui.page import gradio_stubs

gradio_stubs.leave()  # before any module here imports Gradio
