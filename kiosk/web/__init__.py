"""The touch pages: what a visitor sees and presses."""
