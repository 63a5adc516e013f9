"""The references of a page are read, and those that nobody could open are still cited."""

from typing import TYPE_CHECKING

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.evidence import references
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree


def test_an_entry_has_the_names_of_its_authors(tree: "Tree") -> None:
    rows = "- A. Ö. Lång, B. van Rossum. A title. *PNAS*,\n  2018.\n- C. D. One (eds). Two. 1958."
    path = tree.write("docs/posts/small.md", f"# Title\n\n## References\n\n{rows}\n")
    first, second = references(Site(tree.root).page(path))
    assert (first.label, second.label) == ("Lång and Rossum", "One")
    assert first.cited("as Lång said in 2018") == "Lång and Rossum 2018"
    assert not first.cited("as Lång said in 2017") and not second.cited("in 1958")


def test_each_unseen_reference_is_in_its_post() -> None:
    site, unseen = Site(ROOT), Site(ROOT).words("unseen-references")
    assert unseen == sorted(unseen)
    for row in unseen:
        slug, name, year = row.split()
        page = site.page(ROOT / "docs" / "posts" / f"{slug}.md")
        found = [e for e in references(page) if e.names[0] == name and year in e.text]
        assert len(found) == 1, (
            f"{row}: take the line out of checks/unseen-references.txt"
        )
