"""Trainings of the page: each in a process of its own, begun, steered and found again through files."""
