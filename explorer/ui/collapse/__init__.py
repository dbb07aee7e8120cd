"""A collapse report in the reader's language, and what to try first for what it found."""
