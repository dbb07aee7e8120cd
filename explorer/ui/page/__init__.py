"""What Gradio is asked for: the page and its parts, the endpoints, and how both are served."""
