"""Reads what people wrote: pages, snippets, quotes, formulas; runs nothing. Imports project."""
