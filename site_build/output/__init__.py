"""What is written beside the pages, and how all of it reaches its place."""
