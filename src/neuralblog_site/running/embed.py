"""Puts a figure into a page, as SVG. The build and the page both use it."""

import html
import re

# Matplotlib's rule for every element, which would hold for every element of the page
RULE = re.compile(r'<defs>\s*<style type="text/css">\*\{([^}]*)\}</style>\s*</defs>')
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def embedded(svg: str, name: str, alt: str) -> str:
    """The SVG with its description, and ids that no other figure of the page has."""
    if rule := RULE.search(svg):  # all that it sets is inherited
        svg = RULE.sub("", svg).replace("<svg", f'<svg style="{rule[1]}"', 1)
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'\bhref="#([^"]+)"', rf'href="#{name}-\1"', svg)
    # Material sets each `href` of a page again, and stops at one of an SVG: read-only
    svg = svg.replace(" href=", " xlink:href=")
    described = f'<svg {XLINK} role="img" aria-label="{html.escape(alt)}"'
    return svg.replace("<svg", described, 1)
