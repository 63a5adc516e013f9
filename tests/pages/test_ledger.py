"""The ledger shows each claim with what holds it, and openly what nothing holds."""

import re

import pytest

from neuralblog_site.pages import ledger
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.claims import Claim
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.site import Site


def test_the_unsupported_stand_open_and_the_rest_is_folded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sentence = "It is 7.5 & not 9.5 since 1943."
    made = [
        Claim(8, "9.5", sentence, ""),
        Claim(8, "7.5", sentence, "printed in line 4", measured=True),
        Claim(9, "1943", sentence, "McCulloch and Pitts 1943"),
    ]

    def claims(page: Page) -> list[Claim]:
        return made if page.slug == "neurons" else []

    monkeypatch.setattr(ledger, "claims", claims)
    html = ledger.listed("../", Site(ROOT).posts())
    assert "<p>All posts together: 1 measured, 1 cited, 1 neither.</p>" in html
    openly, folded = re.findall(r"<ul>.*?</ul>|<details>.*?</details>", html)
    assert "Line 8: It is 7.5 &amp; not <b>9.5</b> since 1943." in openly
    assert "It is <b>7.5</b> &amp; not 9.5 since <b>1943</b>." in folded
    assert "printed in line 4; McCulloch and Pitts 1943" in folded
    assert html.index("../spiking/") < html.index("../neurons/") < html.index(openly)
