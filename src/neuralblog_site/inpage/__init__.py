"""Everything that Python in the reader's browser is made of. Imports project, sources, running."""
