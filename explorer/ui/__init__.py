"""The page: a View, the scene it shows, and the Gradio around them."""
