"""The feeds' bytes at a moment, from the twin's truth: one module for each publisher's format."""
