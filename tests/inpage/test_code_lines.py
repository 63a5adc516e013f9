"""The line of code that the digit reader shows beside a number."""

from neuralblog_site.inpage.explorables.cnn import code_line
from neuralblog_site.inpage.explorables.common import reader


def test_every_layer_of_the_network_has_its_line() -> None:
    lines = {type(layer).__name__: code_line(layer) for layer in reader().layers}
    parts = {
        "Conv2D": "matmul_stack(",
        "ReLU": "self.activation(x)",
        "MaxPool2D": "reduce(np.maximum",
        "Flatten": "reshape(",
        "Dense": "self.W @ x.T",
    }
    assert lines.keys() == parts.keys()
    for name, part in parts.items():
        assert part in lines[name]
