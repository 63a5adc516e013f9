"""Reads what people wrote: pages, snippets, quotes, formulas; judges nothing, runs nothing. Imports project."""
