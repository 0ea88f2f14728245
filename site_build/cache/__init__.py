"""What need not be made again by the next build."""
