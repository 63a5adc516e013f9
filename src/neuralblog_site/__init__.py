"""Turns the Markdown of the blog into pages whose every snippet ran."""
