"""`make links`: ask other sites whether what our pages link to is still there.

A site that answers, but not to programs, counts as there. Links within our own site are
checked on every build.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from neuralblog_site.project.problems import Problem
from neuralblog_site.rules.links import links
from neuralblog_site.sources.site import Site

SECONDS = 20  # to wait for an answer
AGAIN = Retry(
    2, status_forcelist=range(500, 600), backoff_factor=5, raise_on_status=False
)
GONE = {404, 410, *range(500, 600)}
FIX = "link to where it is now, or to a copy at web.archive.org"


def run(site: Site) -> int:
    """Print a line for each link that leads nowhere; 1 if there is any."""
    places: dict[str, list[tuple[str, int]]] = {}
    for page in map(site.page, site.sources()):
        for line, target, _ in links(page):
            if target.startswith(("http://", "https://")) and page.kind != "note":
                address = target.partition("#")[0]
                places.setdefault(address, []).append((page.name, line))
    with requests.Session() as session, ThreadPoolExecutor(8) as pool:
        session.headers["User-Agent"] = "Mozilla/5.0 (neuralblog links)"
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=AGAIN))
        faults = zip(places, pool.map(partial(fault, session), places), strict=True)
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


def fault(session: requests.Session, address: str) -> str:
    """What is wrong with an address, or nothing."""
    try:
        with session.get(address, timeout=SECONDS, stream=True) as answer:
            if answer.status_code in GONE:
                return f"answers {answer.status_code} {answer.reason}"
    except requests.TooManyRedirects:
        return ""  # a site that wants a browser
    except requests.RequestException:
        return "does not answer"
    return ""
