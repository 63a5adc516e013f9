"""What is wrong with the file of a picture, whatever page shows it."""

import binascii
import re
import warnings
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from lxml import etree
from PIL import Image

MAGIC = {
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
    ".svg": b"<",
}
LARGEST, WIDEST = 200 * 1024, 2000  # bytes, and pixels of a side
SMALLER = f"save it smaller: at most {LARGEST // 1024} KB and {WIDEST} pixels a side"
CLEAN = (
    "save it without metadata (`exiftool -all= FILE` does it), "
    "and amend the commit, whose history keeps it otherwise"
)
STILL = "draw its steps side by side, or make an explorable: see web/README.md"
GPS, VERSION = 0x8825, 0  # the part of EXIF with a place, and its entry that names none
PLACE = re.compile(  # of XMP
    rb"GPSL(at|ong)itude|photoshop:(City|State|Country)"
    rb"|Iptc4xmp(Core|Ext):\w*(Location|City|Country)"
)
TOWN = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]\x00[^\x00]")  # of IPTC
ELSEWHERE = re.compile(
    r"<(?:\w+:)?(?:image|use|feImage)\b[^>]*\bhref=[\"'](?!#|data:)|@import|url\([\"']?https?:"
)
INSIDE = re.compile(r"data:image/(?:jpe?g|png|webp|gif);base64,([\w+/=\s]+)")
HOME = re.compile(rb"(?:/home/|/Users/|[A-Z]:\\Users\\)[^\"'/\\]+")
MOVES = re.compile(r"<(?:\w+:)?(?:animate\w*|set)\b")
ASKED = "move it inside of `@media (prefers-reduced-motion: no-preference)` only"
SCRIPT = re.compile(r"<script|\son\w+\s*=|javascript:")
Fault = tuple[str, str, str]  # the rule, what is wrong, and how to mend it


def picture_faults(path: Path) -> list[Fault]:
    """What is wrong with the file, if anything: at most one fault of a rule."""
    found: dict[str, Fault] = {}
    for fault in _faults(path):
        found.setdefault(fault[0], fault)
    return list(found.values())


def _faults(path: Path) -> Iterator[Fault]:
    data, suffix = path.read_bytes(), path.suffix.lower()
    if suffix not in MAGIC or not data.lstrip().startswith(MAGIC[suffix]):
        known = "save it as " + ", ".join(MAGIC)
        yield "IM02", f"is no {path.suffix or 'known'} picture", known
        return
    if len(data) > LARGEST:
        what = f"has {len(data) // 1024} KB, more than {LARGEST // 1024}"
        yield "IM02", what, SMALLER
    if found := HOME.search(data):
        named = found[0].decode("utf-8", "replace")
        fix = "export it without metadata (an SVG as plain SVG), and amend the commit"
        yield "IM03", f"names a folder of yours, {named}", fix
    if suffix == ".svg":
        yield from _drawn(data)
    else:
        yield from _photographed(data)


def _drawn(data: bytes) -> Iterator[Fault]:
    """What is wrong with an SVG."""
    text = data.decode("utf-8", "replace")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        yield "IM02", "cannot be read to its end", "export it again"
        return
    if (name := etree.QName(root).localname) != "svg":
        yield "IM02", f"is a <{name}>, and no drawing", "export it again"
    if SCRIPT.search(text):
        yield "IM02", "holds a script", "delete the script"
    if ELSEWHERE.search(text):
        fix = "embed it: a picture shows nothing from elsewhere"
        yield "IM02", "shows what is in another file", fix
    for written in INSIDE.findall(text):
        try:
            yield from _photographed(b64decode(written))
        except binascii.Error:
            yield "IM02", "holds a picture that cannot be read", "export it again"
    if MOVES.search(text):
        yield "IM04", "moves", STILL
    elif "@keyframes" in text and "prefers-reduced-motion" not in text:
        yield "IM04", "moves for everybody", ASKED


def _photographed(data: bytes) -> Iterator[Fault]:
    """What is wrong with a picture made of pixels."""
    try:
        with (
            warnings.catch_warnings(action="error"),
            Image.open(BytesIO(data)) as image,
        ):
            wide, high = image.size
            if max(wide, high) > WIDEST:
                what = f"has {wide} x {high} pixels, more than {WIDEST} a side"
                yield "IM02", what, SMALLER
            else:
                image.load()
            if PLACE.search(data) or _names_a_place(image):
                yield "IM03", "says where it was taken", CLEAN
            if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
                yield "IM04", "moves", STILL
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        yield "IM02", "has far too many pixels", SMALLER
    except (OSError, ValueError, SyntaxError):
        yield "IM02", "cannot be read to its end", "export it again"


def _names_a_place(image: Image.Image) -> bool:
    """Whether the metadata of a picture holds coordinates or a town."""
    if set(image.getexif().get_ifd(GPS)) - {VERSION}:
        return True
    for name, value in image.info.items():
        if PLACE.search(value if isinstance(value, bytes) else str(value).encode()):
            return True
        if name == "photoshop" and TOWN.search(value.get(0x0404, b"")):
            return True
        if str(name).startswith("Raw profile type "):  # hex digits, below a number
            digits = "".join(
                re.findall(r"[0-9a-f]{2}", "".join(str(value).split()[2:]))
            )
            if TOWN.search(bytes.fromhex(digits)):
                return True
    return False
