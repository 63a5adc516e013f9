"""Turns sources and results into the pages of the site. Imports project, sources, running, inpage."""
