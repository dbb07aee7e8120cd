"""HTTP beside Gradio's own: routes, what visitors send and take home, and the guide on paper."""
