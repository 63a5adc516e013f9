"""`make links`: ask other sites whether what our pages link to is still there.

A site that answers, but not to programs, counts as there. Links within our own site are
checked on every build.
"""

import string
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from neuralblog_site.problems import Problem
from neuralblog_site.rules.links import links
from neuralblog_site.rules.page import Site

SECONDS = 20  # to wait for an answer
PAUSE = 10  # seconds before asking again
GONE = {404, 410}
FIX = "link to where it is now, or to a copy at web.archive.org"


def run(site: Site) -> int:
    """Print a line for each link that leads nowhere; 1 if there is any."""
    places: dict[str, list[tuple[str, int]]] = {}
    for page in map(site.page, site.sources()):
        for line, target, _ in links(page):
            if target.startswith(("http://", "https://")) and page.kind != "note":
                places.setdefault(target.partition("#")[0], []).append(
                    (page.name, line)
                )
    with ThreadPoolExecutor(8) as pool:
        faults = zip(places, pool.map(fault, places), strict=True)
        found = [
            Problem(*place, "LK05", f"{address} {what}", FIX)
            for address, what in faults
            if what
            for place in places[address]
        ]
    for problem in sorted(found):
        print(problem)
    told = f"{len(found)} to mend" if found else "nothing to mend"
    print(f"addresses {len(places)}: {told}.")
    return 1 if found else 0


def fault(address: str) -> str:
    """What is wrong with an address, or nothing; who does not answer is asked again."""
    plain = quote(address, safe=string.punctuation)
    request = Request(plain, headers={"User-Agent": "Mozilla/5.0 (neuralblog links)"})
    what = ""
    for wait in (0, PAUSE):
        time.sleep(wait)
        try:
            with urlopen(request, timeout=SECONDS):
                return ""
        except HTTPError as error:
            what = f"answers {error.code} {error.reason}"
            if error.code < 500:
                return what if error.code in GONE else ""
        except (OSError, HTTPException, ValueError) as error:
            what = f"does not answer: {getattr(error, 'reason', error)}"
    return what
