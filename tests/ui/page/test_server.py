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


def test_of_a_films_frames_the_last_one_is_made_ready():
    step, film = "explorer/media/step/{}/run.a-s0.{}", "explorer/media/film/k/run.a-s0"
    asked = [step.format("k1", 0), film, step.format("k2", 1), "explorer/media/photos/k/other.0", step.format("k3", 10)]
    assert server.fetched_at_once(asked) == [
        ("step", "k3", "run.a-s0.10"),
        ("film", "k", "run.a-s0"),
        ("photos", "k", "other.0"),
    ]
