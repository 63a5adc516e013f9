"""Draws the three moving pictures of posts 1 and 2: a spike, a sum, and learning.

Run `python figures/moving.py`. What moves is computed by the library. A reader who
asks for less motion, or prints, sees the last state of each. Without scripts.
"""

import math
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from neuralblog import LeakyIntegrateAndFire, Neuron, Perceptron, sigmoid
from neuralblog.plotting import COLORS

FOLDER = Path(__file__).parents[1] / "docs" / "assets" / "figures"
SHEET = FOLDER.parent / "css" / "neuralblog.css"
DARK = {  # of the site's dark theme, for what these pictures use
    name: dark
    for name, dark in re.findall(
        r"--nb-(\w+): light-dark\(#\w+, (#\w+)\)", SHEET.read_text(encoding="utf-8")
    )
    if name in COLORS and name != "gradient"
}
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def picture(height: int, style: str, body: Iterable[str]) -> str:
    """Wrap what is drawn into an SVG, 560 wide, that follows light and dark."""
    variables = [
        "".join(f"--{name}:{colors[name]};" for name in DARK)
        for colors in (COLORS, DARK)
    ]
    colored = "".join(
        f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}"
        for name in DARK
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {height}">\n'
        f"<style>:root{{{variables[0]}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{variables[1]}}}}}\n"
        "text{font:17px system-ui,sans-serif;fill:var(--ink);text-anchor:middle}\n"
        f".line{{fill:none;stroke-width:2.5;stroke-linejoin:round}}{colored}\n"
        "@media screen and (prefers-reduced-motion:no-preference){"
        f"{style}}}</style>\n"
        f'<rect class="f-paper" width="560" height="{height}"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def text(x: float, y: float, words: str, more: str = "") -> str:
    """Write words, centered at x."""
    return f'<text x="{x:.0f}" y="{y:.0f}"{more}>{words}</text>'


def line(points: Iterable[tuple[float, float]], color: str) -> str:
    """Draw a line through points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="line s-{color}" points="{path}"/>'


def spike() -> str:
    """Show charge that fills a cell and leaks, and its voltage as time passes."""
    duration = 150
    seen = LeakyIntegrateAndFire().simulate(1.6, duration)
    levels = seen.voltage[:: len(seen.voltage) // 100] / 15
    left, bottom, high = 150.0, 200.0, 90.0  # of the curve; high is the threshold
    frames = "".join(f"{i}%{{transform:scaleY({v:.2f})}}" for i, v in enumerate(levels))
    flashes = "0%{opacity:0}"
    for at in 100 * seen.spikes / duration:
        flashes += f"{at:.1f}%{{opacity:1}}{at + 4:.1f}%{{opacity:0}}"
    style = (
        f"@keyframes fill{{{frames}}}@keyframes flash{{{flashes}}}"
        "@keyframes pass{to{transform:translateX(390px)}}"
        ".fill{animation:fill 9s linear infinite}"
        ".flash{animation:flash 9s step-end infinite}"
        ".cover{animation:pass 9s linear infinite}.cover{visibility:visible}"
    )
    points = [(left, bottom)]
    for time, v in zip(seen.time[::50], seen.voltage[::50], strict=True):
        points.append((left + 2.5 * time, bottom - high * v / 15))
    body = [
        line([(40, bottom - high), (540, bottom - high)], "grid"),
        text(500, bottom - high - 8, "threshold"),
        '<g transform="translate(50 200) scale(1 -1)">'
        f'<rect class="f-input fill" width="50" height="{high}" '
        f'transform="scale(1 {levels[-1]:.2f})"/></g>',
        line([(48, 80), (48, 202), (102, 202), (102, 80)], "ink"),
        '<circle class="f-weight flash" cx="75" cy="60" r="14" opacity="0"/>',
        text(75, 228, "charge"),
        line(points, "activation"),
        *(
            line([(left + 2.5 * t, bottom - high), (left + 2.5 * t, 30)], "activation")
            for t in seen.spikes
        ),
        '<rect class="f-paper cover" x="148" y="20" width="392" height="186" '
        'visibility="hidden"/>',
        text(340, 228, "time"),
    ]
    return picture(240, style, body)


def weighing() -> str:
    """Show three weighted inputs that travel to the sum, and the answer."""
    x, w, b = [0.5, -1.0, 2.0], [0.8, 0.4, -0.3], 0.5
    neuron = Neuron(w, b, activation=sigmoid)
    middle, rows = (300, 125), [45, 125, 205]
    style = (
        "@keyframes go{from{transform:translate(var(--x),var(--y))}"
        "35%,100%{transform:none}}"
        "@keyframes come{0%,40%{opacity:0}45%,100%{opacity:1}}"
        "@keyframes leave{0%,55%{transform:none}75%,100%{transform:translateX(150px)}}"
        "@keyframes last{0%,75%{opacity:0}80%,100%{opacity:1}}"
        ".go{animation:go 6s ease-in infinite;visibility:visible}"
        ".come{animation:come 6s infinite}.last{animation:last 6s infinite}"
        ".leave{animation:leave 6s infinite;visibility:visible}"
    )
    body = []
    for row, value, weight in zip(rows, x, w, strict=True):
        height = row + (middle[1] - row) * 93 / (middle[0] - 90)
        slope = math.degrees(math.atan2(middle[1] - row, middle[0] - 90))
        along = f' transform="rotate({slope:.1f} 183 {height:.1f})"'
        body += [
            line([(90, row), middle], "weight"),
            f'<circle class="f-weight go" cx="{middle[0]}" cy="{middle[1]}" '
            f'r="{4 + 12 * abs(value * weight):.1f}" visibility="hidden" '
            f'style="--x:{90 - middle[0]}px;--y:{row - middle[1]}px"/>',
            f'<circle class="f-paper s-input line" cx="90" cy="{row}" r="24" '
            'style="fill:var(--paper)"/>',
            text(90, row + 6, f"{value:g}"),
            text(
                183, height - 8, f"{weight:g} × {value:g} = {weight * value:g}", along
            ),
        ]
    body += [
        line([middle, (470, 125)], "muted"),
        '<circle class="f-activation leave" cx="300" cy="125" r="10" '
        'visibility="hidden"/>',
        '<circle class="s-muted line" cx="300" cy="125" r="34" '
        'style="fill:var(--paper)"/>',
        '<circle class="s-activation line" cx="470" cy="125" r="34" '
        'style="fill:var(--paper)"/>',
        text(300, 131, f"{neuron.weighted_sum(x):.1f}", ' class="come"'),
        text(470, 131, f"{neuron(x):.3f}", ' class="last"'),
        text(300, 185, f"bias {b:g}"),
        text(385, 115, "sigmoid"),
        text(300, 78, "sum"),
        text(470, 78, "answer"),
    ]
    return picture(250, style, body)


def learning() -> str:
    """Show the line of a perceptron after each example that it gets wrong."""
    states = [("starts with zeros", np.zeros(3), -1)]
    perceptron, targets = Perceptron(2), [0, 0, 0, 1]
    for i in list(range(4)) * 6:
        if perceptron.fit(CORNERS[i : i + 1], targets[i : i + 1], passes=1)[0]:
            done = "add" if targets[i] else "subtract"
            said = f"{CORNERS[i][0]}{CORNERS[i][1]} was wrong: {done} it"
            states.append((said, np.append(perceptron.w, perceptron.b), i))
    n = len(states)
    style = (
        f"@keyframes show{{0%{{opacity:1}}{100 / n:.3f}%,100%{{opacity:0}}}}"
        f".step{{opacity:0;animation:show {2 * n}s step-end infinite}}"
        + "".join(f".n{i}{{animation-delay:{2 * i}s}}" for i in range(n))
    )
    body = []
    for i, (said, w, wrong) in enumerate(states):
        hidden = "" if i == n - 1 else ' opacity="0"'
        region = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, side(w)))
        body += [
            f'<g class="step n{i}"{hidden}>',
            f'<polygon class="f-activation" opacity="0.3" points="{region}"/>',
            text(420, 90, said),
            text(420, 130, f"w = ({w[0]:g}, {w[1]:g})"),
            text(420, 160, f"b = {w[2]:g}"),
        ]
        if wrong >= 0:
            x, y = place(CORNERS[wrong])
            body.append(f'<circle class="s-wrong line" cx="{x}" cy="{y}" r="19"/>')
        body.append("</g>")
    for corner, target in zip(CORNERS, targets, strict=True):
        x, y = place(corner)
        body.append(f'<circle class="f-ink" cx="{x}" cy="{y}" r="11"/>')
        word = "yes" if target else "no"
        body.append(text(x, y - 24, word))
    return picture(250, style, body)


def place(point: Iterable[float]) -> tuple[float, float]:
    """Return where a point of the plane stands in the picture."""
    x, y = point
    return 80 + 130 * float(x), 185 - 130 * float(y)


def side(w: np.ndarray) -> list[np.ndarray]:
    """Return the corners of the part of the square where the neuron says yes."""
    square = np.array([[-0.4, -0.4], [1.4, -0.4], [1.4, 1.4], [-0.4, 1.4]])
    z = square @ w[:2] + w[2]
    kept: list[np.ndarray] = []
    for i in range(4):
        j = (i + 1) % 4
        if z[i] > 0:
            kept.append(square[i])
        if (z[i] > 0) != (z[j] > 0):
            kept.append(square[i] + (square[j] - square[i]) * z[i] / (z[i] - z[j]))
    return kept


def main() -> None:
    """Write the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for draw in spike, weighing, learning:
        path = FOLDER / f"{draw.__name__}.svg"
        path.write_text(draw(), encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    main()
