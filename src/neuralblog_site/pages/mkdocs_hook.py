"""Lets MkDocs call our own steps, so that `mkdocs serve` has them too."""

from pathlib import Path

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig

from neuralblog_site.pages.build import finish_site
from neuralblog_site.pages.labs import remember_executions


def on_pre_build(config: MkDocsConfig) -> None:
    """MkDocs is about to read the pages."""
    remember_executions()


def on_post_build(config: MkDocsConfig) -> None:
    """MkDocs has written all pages."""
    extensions, options = config.markdown_extensions, config.mdx_configs
    markdown = Markdown(extensions=extensions, extension_configs=options)
    finish_site(Path(config.site_dir), markdown)
