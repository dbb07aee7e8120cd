"""The server of the page at rest."""

from __future__ import annotations

import gradio as gr

from explorer.ui.page import server


def test_an_idle_server_looks_for_events_a_hundred_times_a_second_and_not_a_thousand():
    with gr.Blocks() as demo:
        pass
    gradio_s = set(vars(demo._queue))
    server.queue(demo)
    assert set(vars(demo._queue)) == gradio_s  # names that Gradio reads, and no others
    assert demo._queue.sleep_when_free == 0.01
    assert demo._queue.progress_update_sleep_when_free == 0.1
