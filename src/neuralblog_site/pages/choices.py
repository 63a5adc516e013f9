"""The blocks that ask the reader, and the choices that they list.

    !!! question "Predict first"
        Will it fire about half as often?

        - [ ] About half as often
            - That would hold if both met at the same moment.
        - [x] Hardly ever

An item may have a reply below it, as a list of its own. Here all of it is shown;
web/predict.js lets the output of the snippet below wait for the reader's guess. In a
block "Check yourself" each choice is answered by its reply.
"""

import xml.etree.ElementTree as ET

from markdown.treeprocessors import Treeprocessor

from neuralblog_site.sources.questions import CHECK, CHOICE, TITLE


class Choices(Treeprocessor):
    """Marks the questions of a page, their choices and the replies."""

    def run(self, root: ET.Element) -> None:
        """Called with the page's tree, before links and emphasis are read."""
        for block in root.iter("div"):
            titled = block[0].text if len(block) else ""
            kinds = {TITLE: "nb-predict", CHECK: "nb-predict nb-check"}
            if "question" in block.get("class", "").split() and titled in kinds:
                block.set("class", f"{block.get('class')} {kinds[titled]}")
                for items in block.findall("ul"):
                    _mark(items)


def _mark(items: ET.Element) -> None:
    """Take the brackets off the choices, and say which is right."""
    for item in items:
        holder = item[0] if len(item) and not (item.text or "").strip() else item
        match = CHOICE.match(holder.text or "")
        if match is None:
            continue
        items.set("class", "nb-choices")
        holder.text = match["text"]
        item.set("class", "nb-right" if match["mark"] == "x" else "nb-wrong")
        for reply in item.findall("ul"):
            reply.set("class", "nb-reply")
