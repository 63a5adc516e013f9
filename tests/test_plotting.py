"""Figures: each shows the numbers that it was given, in the colors of the style."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from neuralblog import (
    KERNELS,
    Dense,
    Flatten,
    History,
    Neuron,
    ReLU,
    Sequential,
    Value,
    plotting,
    relu,
    sigmoid,
)
from neuralblog.datasets import digits
from neuralblog.plotting import COLORS

STYLE = "neuralblog.neuralblog"


@pytest.fixture(autouse=True)
def style():
    with plt.style.context(STYLE):
        plt.close("all")  # a figure that another test has left
        yield


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def small_network() -> Sequential:
    network = Sequential(
        Flatten(), Dense(4, 3, rng=rng()), ReLU(), Dense(3, 2, rng=rng())
    )
    network.forward(rng().standard_normal((5, 1, 2, 2)))
    network.backward(np.ones((5, 2)))
    return network


def small_graph() -> Value:
    a, b = Value(2, name="a"), Value(-3, name="b")
    c = a * b + a * 4
    c.backward()
    return c


POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
DRAWINGS = {
    "neuron": lambda ax: plotting.neuron(Neuron([1, -2], 0.5), [1, 1], ax=ax),
    "network": lambda ax: plotting.network(784, 16, 16, 10, ax=ax),
    "activation": lambda ax: plotting.activation(sigmoid, ax=ax),
    "decision_regions": lambda ax: plotting.decision_regions(
        lambda p: sigmoid(p[:, 0] - p[:, 1]), POINTS, np.array([0, 1, 0, 0]), ax=ax
    ),
    "images": lambda ax: plotting.images(digits()[0][:16], range(16), ax=ax),
    "kernels": lambda ax: plotting.kernels(np.stack(list(KERNELS.values())), ax=ax),
    "feature_maps": lambda ax: plotting.feature_maps(rng().random((6, 14, 14)), ax=ax),
    "history": lambda ax: plotting.history(History([1.0, 0.5]), ax=ax),
    "gradient_flow": lambda ax: plotting.gradient_flow(small_network(), ax=ax),
    "confusion_matrix": lambda ax: plotting.confusion_matrix(
        np.arange(100).reshape(10, 10), ax=ax
    ),
    "graph": lambda ax: plotting.graph(small_graph(), ax=ax),
}


def test_every_drawing_is_tested_here():
    assert {"COLORS", *DRAWINGS} == set(plotting.__all__)


@pytest.mark.parametrize("name", DRAWINGS)
def test_draws_on_the_axes_it_is_given_or_on_the_current_ones(name):
    _, (first, current) = plt.subplots(1, 2)
    assert DRAWINGS[name](first) is first
    assert DRAWINGS[name](None) is current is plt.gca()
    plt.gcf().canvas.draw()


@pytest.mark.parametrize("name", DRAWINGS)
def test_svg_is_small_repeatable_and_in_no_foreign_color(name):
    def svg() -> str:
        plt.close("all")
        file = io.BytesIO()
        DRAWINGS[name](None).figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue().decode()

    text = svg()
    assert len(text) < 60_000
    assert text == svg()
    foreign = {f"#{part[:6]}" for part in text.split(": #")[1:]}
    assert foreign <= {*COLORS.values(), "#000000"}  # black: under a picture


def test_style_has_the_same_colors_and_no_others():
    used = {plt.rcParams[name] for name in plt.rcParams if name.endswith("color")}
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    ours = {to_hex(color) for color in cycle}
    assert ours <= set(COLORS.values())
    for name, color in {
        "text.color": "ink",
        "axes.labelcolor": "ink",
        "axes.titlecolor": "ink",
        "xtick.labelcolor": "ink",
        "ytick.labelcolor": "ink",
        "axes.edgecolor": "muted",
        "xtick.color": "muted",
        "ytick.color": "muted",
        "grid.color": "grid",
    }.items():
        assert to_hex(plt.rcParams[name]) == COLORS[color], name
    assert "none" in used  # the page shows through


def test_the_pages_have_the_same_colors():
    css = Path(__file__).parents[1] / "docs/assets/css/neuralblog.css"
    pairs = re.findall(r"--nb-(\w+): light-dark\((#\w{6}),", css.read_text("utf-8"))
    assert COLORS.items() <= dict(pairs).items()


def test_the_library_does_not_import_matplotlib():
    code = "import sys, neuralblog; print('matplotlib' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ,
        check=True,
    )
    assert result.stdout == "False\n", result.stderr


def test_neuron_shows_weights_bias_and_answers():
    neuron = Neuron([0.8, 0.4, -0.3], 0.5, activation=relu)
    bare = texts(plotting.neuron(neuron))
    assert {"0.8", "0.4", "-0.3", "b = 0.5", "relu", "$x_3$"} <= set(bare)
    plt.close("all")
    ax = plotting.neuron(neuron, [0.5, -1, 4])
    assert texts(ax)[-2:] == ["-0.7", "0"]
    (bias,) = (text for text in ax.texts if text.get_text() == "b = 0.5")
    assert bias.get_position()[0] == 2 and bias.get_ha() == "center"  # below the sum
    weights = [t for t in ax.texts if t.get_text() in ("0.8", "0.4", "-0.3")]
    assert [0 < w.get_position()[0] < 1.5 for w in weights] == [True] * 3
    assert [patch.center[1] for patch in ax.patches[3:]] == [0, 0]  # z and a on a line
    bottom, top = ax.get_ylim()
    assert bottom == -top


def test_network_draws_every_connection_up_to_a_limit():
    ax = plotting.network(2, 3, 1)
    assert [len(lines.get_segments()) for lines in ax.collections] == [6, 3]
    assert [text for text in texts(ax) if text] == ["2", "3", "1"]
    (width,) = ax.collections[0].get_linewidths()
    assert width < ax.patches[0].get_linewidth()  # lines stay behind the neurons
    plt.close("all")
    ax = plotting.network(784, 2, most=5)
    assert len(ax.patches) == 7
    assert "\u22ee\n784" in texts(ax)


def test_activation_draws_the_function_over_its_derivative():
    z = np.linspace(-1, 1, 5)
    ax = plotting.activation(sigmoid, z)
    slope, value = ax.lines[-2:]
    np.testing.assert_array_equal(value.get_ydata(), sigmoid(z))
    np.testing.assert_array_equal(slope.get_ydata(), sigmoid.derivative(z))
    assert (value.get_color(), slope.get_color()) == (
        COLORS["activation"],
        COLORS["gradient"],
    )
    assert ax.get_title(loc="left") == "sigmoid"
    for axis in ax.lines[:2]:
        assert axis.get_color() == COLORS["grid"]
        assert axis.get_linewidth() < value.get_linewidth()


def test_decision_regions_show_who_wins_where():
    labels = np.array([0, 1, 0, 0])
    ax = plotting.decision_regions(lambda p: p[:, 0], POINTS, labels)
    picture = np.asarray(ax.images[0].get_array())
    left, right = picture[100, 20], picture[100, -20]
    assert [to_hex(left), to_hex(right)] == [COLORS["input"], COLORS["weight"]]
    np.testing.assert_array_equal(ax.lines[1].get_xydata(), POINTS[labels == 1])
    assert {line.get_markeredgecolor() for line in ax.lines} == {COLORS["paper"]}

    ax = plotting.decision_regions(
        lambda p: np.stack([p[:, 0], p[:, 1], 0 * p[:, 0]], axis=1), POINTS, labels
    )
    top_left = np.asarray(ax.images[-1].get_array())[-20, 20]  # origin is below
    assert to_hex(top_left) == COLORS["weight"]


def test_images_share_one_scale_in_rows():
    x = np.arange(10 * 4.0).reshape(10, 1, 2, 2)
    ax = plotting.images(x, range(10))
    assert texts(ax) == [str(i) for i in range(10)]
    assert {image.get_clim() for image in ax.images} == {(0, 39)}
    tops = [image.get_extent()[3] for image in ax.images]
    assert len(set(tops[:8])) == 1 and tops[8] > tops[7]
    assert ax.get_ylim()[1] < ax.texts[0].get_position()[1] < tops[0]  # y runs down
    for image, frame in zip(ax.images, ax.patches, strict=True):
        left, right, bottom, top = image.get_extent()
        assert frame.get_bbox().extents == pytest.approx([left, top, right, bottom])
        assert not frame.get_fill()
    ax = plotting.images(x[0, 0], signed=True, columns=1)
    assert ax.images[-1].get_clim() == (-3, 3)


def test_kernels_have_a_scale_each():
    ax = plotting.kernels([[[1.0, -1.0]], [[0.0, 50.0]], [[0.0, 0.0]]])
    first, second, third = (np.asarray(image.get_array()) for image in ax.images)
    np.testing.assert_array_equal(first, [[1, -1]])
    np.testing.assert_array_equal(second, [[0, 1]])
    np.testing.assert_array_equal(third, [[0, 0]])
    assert ax.images[0].get_clim() == (-1, 1)
    ax = plotting.kernels(np.array([[-128, 64]], np.int8))  # -(-128) is no int8
    np.testing.assert_array_equal(ax.images[-1].get_array(), [[-1, 0.5]])


def test_history_draws_and_names_what_there_is():
    run = History([3.0, 2.0], [0.4, 0.6], [3.5, 2.5], [0.3, 0.5])
    ax = plotting.history(run)
    assert texts(ax) == ["training", "validation"]
    assert [list(line.get_ydata()) for line in ax.lines] == [[3, 2], [3.5, 2.5]]
    assert ax.get_ylabel() == "loss"
    plt.close("all")
    ax = plotting.history(History([3.0], [0.4]), "accuracy")
    assert texts(ax) == ["training"]
    assert ax.get_ylabel() == "accuracy"


def test_gradient_flow_shows_each_learning_layer():
    network = small_network()
    (line,) = plotting.gradient_flow(network).lines
    expected = [np.sqrt(np.mean(network.layers[i].dW ** 2)) for i in (1, 3)]
    np.testing.assert_allclose(line.get_ydata(), expected)
    labels = [label.get_text() for label in plt.gca().get_xticklabels()]
    assert labels == ["1. Dense", "2. Dense"]
    assert plt.gca().get_ylabel() == "gradient of the weights"


def test_confusion_matrix_prints_the_counts_that_are_not_zero():
    ax = plotting.confusion_matrix(np.array([[3, 0], [1, 2]]), ["cat", "dog"])
    assert texts(ax) == ["3", "1", "2"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (0, 1), (1, 1)]
    picture = np.asarray(ax.images[0].get_array())
    assert to_hex(picture[0, 0]) == to_hex(picture[1, 1]) == COLORS["right"]
    assert to_hex(picture[0, 1]) == to_hex(picture[1, 0]) == COLORS["wrong"]
    np.testing.assert_allclose(picture[..., 3] ** 2 / 0.36, [[1, 0], [1 / 3, 2 / 3]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["cat", "dog"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("read as", "is")


def test_graph_shows_numbers_and_gradients():
    ax = plotting.graph(small_graph())
    shown = texts(ax)
    assert {"a = 2", "b = -3", "-6", "8", "+", "*"} <= set(shown)
    purple = [text for text in ax.texts if text.get_color() == COLORS["gradient"]]
    gradients = {text.get_text() for text in purple}
    assert gradients == {"1", "2"}  # of a: b + 4 = 1; of b and of 4: a = 2
    edges = [to_hex(circle.get_edgecolor()) for circle in ax.patches]
    assert edges.count(COLORS["input"]) == edges.count(COLORS["activation"]) == 3


def test_graph_shows_a_given_number_next_to_its_first_use():
    a, b, c = (Value(i, name=name) for i, name in enumerate("abc"))
    ax = plotting.graph(a * b + c)
    place = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert place["a = 0"] == place["b = 1"] < place["*"] == place["c = 2"] < place["+"]


def test_graph_shows_no_minus_before_a_zero():
    zero = Value(-0.0)
    zero.gradient = -0.0
    assert [text for text in texts(plotting.graph(zero)) if text] == ["0", "0"]


@pytest.mark.parametrize("shape", [(8, 8, 3), (28, 28, 4), (5,)])
def test_color_pictures_are_not_cut_into_strips(shape):
    with pytest.raises(ValueError, match=r"^plotting.images: x has shape .*, expected"):
        plotting.images(np.zeros(shape))


def test_a_history_without_accuracy_says_so():
    with pytest.raises(ValueError, match="^plotting.history: accuracy is empty"):
        plotting.history(History([1.0]), "accuracy")


def test_decision_regions_have_five_colors():
    with pytest.raises(
        ValueError, match="^decision_regions: predict gives 6 scores, exp"
    ):
        plotting.decision_regions(lambda p: np.zeros((len(p), 6)), POINTS, [0, 1, 0, 0])
    with pytest.raises(ValueError, match="labels runs from 0 to 5, expected 0 to 4$"):
        plotting.decision_regions(lambda p: p[:, 0], POINTS, [0, 5, 0, 0])
