"""The colors of all figures, each with a meaning that holds on every page."""

__all__ = ["CLASSES", "COLORS"]

COLORS = {
    "ink": "#1f2933",
    "muted": "#5f6772",
    "grid": "#dcd7cb",
    "paper": "#fdfcf8",
    "input": "#256db8",
    "weight": "#b14401",
    "activation": "#1c6049",
    "gradient": "#902978",
    "right": "#517643",
    "wrong": "#8c172b",
}
"""What each color of a figure stands for, and its value on light paper."""
CLASSES = ("input", "weight", "activation", "gradient", "wrong")
"""The colors of the classes of data, in order."""
