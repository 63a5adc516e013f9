"""Compiles the modules inside a zip file, so that a page need not do it at each visit.

Runs in Pyodide, when the site is built: byte code fits only the Python that made it.
"""

import importlib._bootstrap_external as external
import importlib.util
import io
import zipfile

SITE_PACKAGES = "/lib/python3.14/site-packages/"


def compiled(data: bytes) -> bytes:
    """The same zip file with byte code for source; the same input, the same bytes."""
    source, out = zipfile.ZipFile(io.BytesIO(bytes(data))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name.endswith(".py"):
                code = compile(content, SITE_PACKAGES + name, "exec", dont_inherit=True)
                stamp = importlib.util.source_hash(content)
                content = bytes(external._code_to_hash_pyc(code, stamp, False))  # type: ignore[attr-defined]
                name += "c"
            target.writestr(zipped(name), content, compresslevel=9)
    return out.getvalue()


def zipped(name: str) -> zipfile.ZipInfo:
    """An entry without a date, so that the same content gives the same file."""
    info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
    return info
