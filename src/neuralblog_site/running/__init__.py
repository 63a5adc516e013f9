"""Runs snippets, tells what they raise, and keeps what they print and draw. Imports project, sources."""
