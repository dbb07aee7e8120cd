"""What the page shows, computed once per process from runs and image sets; no words, no HTTP, no Gradio."""
