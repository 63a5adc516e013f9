"""The printed book knows on which page of it everything is."""

import pytest

from neuralblog_site.pages.paper import Printed, problems

# As Chromium writes it: pages in a tree, an outline of two levels, and names.
PDF = b"""%PDF-1.4
9 0 obj
<</Type /Pages
/Kids [7 0 R 8 0 R]>>
endobj
7 0 obj
<</Type /Pages
/Kids [5 0 R 3 0 R]>>
endobj
5 0 obj
<</Type /Page>>
endobj
3 0 obj
<</Type /Page>>
endobj
8 0 obj
<</Type /Page>>
endobj
10 0 obj
<</one [5 0 R /XYZ 0 9 0]
/one--more [3 0 R /XYZ 0 9 0]
/two [8 0 R /XYZ 0 9 0]>>
endobj
20 0 obj
<</Type /Outlines
/First 22 0 R
/Last 21 0 R>>
endobj
21 0 obj
<</Title (Two)
/Dest [8 0 R /XYZ 0 9 0]
/Prev 22 0 R>>
endobj
22 0 obj
<</Title (One)
/Dest [5 0 R /XYZ 0 9 0]
/First 23 0 R
/Next 21 0 R>>
endobj
23 0 obj
<</Title (More)
/Dest [3 0 R /XYZ 0 9 0]>>
endobj
30 0 obj
<</Type /Catalog
/Pages 9 0 R
/Dests 10 0 R
/Outlines 20 0 R>>
endobj
"""
TEXT = """<main><h1 id="one">One</h1><h2 id="one--more">More</h2><h1 id="two">Two</h1>
</main>"""


def test_a_pdf_tells_where_everything_is() -> None:
    printed = Printed(PDF)
    assert printed.n_pages == 3
    assert printed.places() == {"one": 1, "one--more": 2, "two": 3}
    assert printed.outline() == [1, 2, 3]
    assert list(problems(TEXT, PDF)) == []


@pytest.mark.parametrize(
    ("text", "pdf", "told"),
    [
        (TEXT, PDF.replace(b"/two [8", b"/two [3"), "#two is told to be on page 2"),
        (TEXT.replace("<h1", "<h3>No</h3><h1", 1), PDF, "4 headings, but 3 in"),
        (TEXT, PDF.replace(b"[8 0 R /", b"[5 0 R /"), "two parts begin on one page"),
    ],
)
def test_a_wrong_number_is_told(text: str, pdf: bytes, told: str) -> None:
    found = " ".join(problem.what for problem in problems(text, pdf))
    assert told in found
