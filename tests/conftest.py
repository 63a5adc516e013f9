"""The site, built by both builders. `make test` builds them before the tests start."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from neuralblog_site.environment import ROOT
from neuralblog_site.site import build_site, build_with_zensical

settings.register_profile("same-every-time", derandomize=True, deadline=None)
settings.load_profile("same-every-time")


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the site as MkDocs builds it."""
    return _built(ROOT / "build" / "site", build_site)


@pytest.fixture(scope="session")
def built_with_zensical() -> Path:
    """The folder of the site as Zensical builds it."""
    return _built(ROOT / "build" / "zensical", build_with_zensical)


def _built(out: Path, build: object) -> Path:
    if "NEURALBLOG_BUILT" not in os.environ:
        assert callable(build)
        build(out)
    return out
