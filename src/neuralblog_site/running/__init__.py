"""Runs snippets, and keeps what they print, draw and raise. Imports project, sources."""
