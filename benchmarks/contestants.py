"""The same work as each library does it, each in a process of its own.

A contestant says what it can do, as functions without arguments by name, and shows what
it computes, for the comparison before the race. Each gets its data in the layout that
it likes best beforehand; ours gets plain (N, C, H, W) arrays where it is a network.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from works import RATES, WORKS, Work

Runs = dict[str, Callable[[], Any]]
TURN = 0.03  # seconds for each turn of each contestant


class Contestant:
    """One library at one piece of work."""

    def __init__(self, work: Work, dtype: str, threads: int) -> None:
        self.work, self.dtype, self.threads = work, dtype, threads
        self.x, self.y = work.batch(dtype)
        self.network = work.network(dtype)
        self.rate = RATES.get(work.optimizer)

    def runs(self) -> Runs:
        """Return what is timed; "training step" gives the loss."""
        raise NotImplementedError

    def shown(self) -> list[np.ndarray]:
        """Return what is compared: outputs, and, of a layer, all its gradients."""
        raise NotImplementedError

    def losses(self, step: Callable[[], Any]) -> list[float]:
        """Take five steps."""
        return [float(step()) for _ in range(5)]

    def wait(self, result: Any) -> None:
        """Wait for what a turn has begun; most are done when they return."""


class Neuralblog(Contestant):
    """Ours."""

    def runs(self) -> Runs:
        """A training step and inference, or the way forward and back."""
        from neuralblog import optimizers
        from neuralblog.losses import SoftmaxCrossEntropy
        from neuralblog.windows import from_rows, to_rows

        network, loss = self.network, SoftmaxCrossEntropy()
        if not self.work.optimizer:
            (layer,) = network.layers
            x, dy = from_rows(to_rows(self.x)), from_rows(to_rows(self.y))
            layer.forward(x)
            return {
                "forward": lambda: layer.forward(x),
                "backward": lambda: layer.backward(dy),
                "both": lambda: (layer.forward(x), layer.backward(dy)),
            }
        optimizer = getattr(optimizers, self.work.optimizer)(self.rate)

        def step() -> float:
            scores = network.forward(self.x, training=True)
            value, dscores = loss.with_gradient(scores, self.y)
            network.parameter_gradients(dscores)
            optimizer.step(network.parameters, network.gradients)
            return value

        return {"training step": step, "inference": lambda: network.forward(self.x)}

    def shown(self) -> list[np.ndarray]:
        """What the network answers; of a layer, dx, dW and db too."""
        shown = [self.network.forward(self.x)]
        if not self.work.optimizer:
            (layer,) = self.network.layers
            shown.append(layer.backward(self.y))
            shown += [getattr(layer, f"d{name}") for name in layer.parameters]
        return shown


class Torch(Contestant):
    """PyTorch, as beginners run it: eagerly."""

    layout = "contiguous_format"

    def __init__(self, work: Work, dtype: str, threads: int) -> None:
        import torch

        super().__init__(work, dtype, threads)
        self.torch, self.memory = torch, getattr(torch, self.layout)
        torch.set_num_threads(threads)
        torch.set_default_dtype(getattr(torch, dtype))
        self.model = torch.nn.Sequential(*map(self.twin, self.network.layers))
        self.model = self.model.to(memory_format=self.memory)
        self.inputs = self.laid(self.x)

    def laid(self, array: np.ndarray) -> Any:
        """Turn an array into a tensor with the layout of this contestant."""
        tensor = self.torch.from_numpy(np.ascontiguousarray(array))
        images = tensor.ndim == 4
        return tensor.contiguous(memory_format=self.memory) if images else tensor

    def twin(self, layer: Any) -> Any:
        """Return torch's layer with the same weights."""
        nn, name = self.torch.nn, type(layer).__name__
        if name == "Conv2D":
            F, C, K, _ = layer.W.shape
            window = layer.window
            twin = nn.Conv2d(C, F, K, stride=window.stride, padding=window.padding)
        elif name == "Dense":
            twin = nn.Linear(*reversed(layer.W.shape))
        else:
            twin = {"ReLU": nn.ReLU, "Flatten": nn.Flatten}.get(name, nn.MaxPool2d)
            return twin(2) if name == "MaxPool2D" else twin()
        with self.torch.no_grad():
            twin.weight.copy_(self.torch.from_numpy(layer.W))
            twin.bias.copy_(self.torch.from_numpy(layer.b))
        return twin

    def runs(self) -> Runs:
        """A training step and inference, or the way forward and back."""
        torch, model, x = self.torch, self.model, self.inputs

        def infer() -> Any:
            with torch.inference_mode():
                return model(x)

        if not self.work.optimizer:
            slopes = self.slopes()
            both = {"both": lambda: (infer(), slopes())}
            return {"forward": infer, "backward": slopes, **both}
        optimizer = getattr(torch.optim, self.work.optimizer)
        optimizer = optimizer(model.parameters(), self.rate)
        y = torch.from_numpy(self.y)

        def step() -> Any:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss.detach()

        return {"training step": step, "inference": infer}

    def slopes(self) -> Callable[[], Any]:
        """The way back through a layer, to its input and to its weights."""
        leaves = [self.inputs.clone().requires_grad_(), *self.model.parameters()]
        out, dy = self.model(leaves[0]), self.laid(self.y)
        grad = self.torch.autograd.grad
        return lambda: grad(out, leaves, dy, retain_graph=True)

    def shown(self) -> list[np.ndarray]:
        """What the network answers; of a layer, all gradients too."""
        shown = [self.model(self.inputs)]
        if not self.work.optimizer:
            shown += self.slopes()()
        return [np.ascontiguousarray(tensor.detach().numpy()) for tensor in shown]


class ChannelsLast(Torch):
    """PyTorch with its other layout, the channels innermost."""

    layout = "channels_last"


class Jax(Contestant):
    """JAX: the whole step compiled by XLA; the old parameters' memory is used again."""

    images = "NCHW"

    def __init__(self, work: Work, dtype: str, threads: int) -> None:
        import jax

        super().__init__(work, dtype, threads)
        jax.config.update("jax_enable_x64", dtype == "float64")
        self.jax = jax
        layers = self.network.layers
        self.parameters = [
            (self.kernel(layer.W), jax.numpy.array(layer.b))
            for layer in layers
            if layer.parameters
        ]
        x = self.x if self.images == "NCHW" else np.moveaxis(self.x, 1, -1)
        self.inputs, self.classes = jax.device_put(x), jax.device_put(self.y)

    def kernel(self, W: np.ndarray) -> Any:
        """Lay weights out as JAX multiplies with them."""
        if W.ndim == 4 and self.images == "NHWC":
            W = W.transpose(2, 3, 1, 0)
        return self.jax.numpy.array(W if W.ndim == 4 else W.T)

    def scores(self, parameters: Any, x: Any) -> Any:
        """The way forward."""
        lax, given = self.jax.lax, iter(parameters)
        last = self.images == "NHWC"
        window = (1, 2, 2, 1) if last else (1, 1, 2, 2)
        numbers = ("NHWC", "HWIO", "NHWC") if last else ("NCHW", "OIHW", "NCHW")
        across = (1, 1, 1, -1) if last else (1, -1, 1, 1)
        for layer in self.network.layers:
            name = type(layer).__name__
            if name == "Conv2D":
                W, b = next(given)
                S, P = layer.window.stride, layer.window.padding
                x = lax.conv_general_dilated(
                    x, W, (S, S), ((P, P), (P, P)), dimension_numbers=numbers
                )
                x = x + b.reshape(across)
            elif name == "Dense":
                W, b = next(given)
                x = x @ W + b
            elif name == "ReLU":
                x = self.jax.nn.relu(x)
            elif name == "MaxPool2D":
                x = lax.reduce_window(x, -np.inf, lax.max, window, window, "VALID")
            else:  # Flatten, in the order of the weights that follow
                x = (x.transpose(0, 3, 1, 2) if last else x).reshape(len(x), -1)
        return x

    def runs(self) -> Runs:
        """A compiled training step, and compiled inference."""
        jax = self.jax
        answer, step = jax.jit(self.scores), jax.jit(self.update, donate_argnums=0)
        zeros = jax.tree.map(jax.numpy.zeros_like, self.parameters)
        copy = jax.tree.map(jax.numpy.copy, (self.parameters, zeros, zeros))
        self.state = (*copy, jax.numpy.zeros(()))

        def train() -> Any:
            self.state, loss = step(self.state, self.inputs, self.classes)
            return loss

        return {
            "training step": train,
            "inference": lambda: answer(self.parameters, self.inputs),
        }

    def update(self, state: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """One step of SGD, or of Adam."""
        jax, jnp = self.jax, self.jax.numpy
        parameters, m, v, t = state

        def loss_of(parameters: Any) -> Any:
            logs = jax.nn.log_softmax(self.scores(parameters, x))
            return -jnp.mean(jnp.take_along_axis(logs, y[:, None], axis=1))

        loss, g = jax.value_and_grad(loss_of)(parameters)
        t = t + 1
        if self.work.optimizer == "SGD":
            new = jax.tree.map(lambda p, g: p - self.rate * g, parameters, g)
            return (new, m, v, t), loss
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate, spread = self.rate / (1 - 0.9**t), 1 - 0.999**t
        new = jax.tree.map(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v / spread) + 1e-8),
            parameters,
            m,
            v,
        )
        return (new, m, v, t), loss

    def shown(self) -> list[np.ndarray]:
        """What the network answers."""
        return [np.asarray(self.scores(self.parameters, self.inputs))]

    def wait(self, result: Any) -> None:
        """Wait for the last step of a turn, and with it for all."""
        self.jax.block_until_ready(result)


class JaxLast(Jax):
    """JAX with the channels innermost."""

    images = "NHWC"


class Onnx(Contestant):
    """ONNX Runtime, which answers only: it gets a finished network."""

    def __init__(self, work: Work, dtype: str, threads: int) -> None:
        import onnxruntime

        super().__init__(work, dtype, threads)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self.session = onnxruntime.InferenceSession(
            self.model(), options, providers=["CPUExecutionProvider"]
        )

    def model(self) -> bytes:
        """Write the network as an ONNX graph."""
        from onnx import TensorProto, helper, numpy_helper

        nodes, weights, last = [], [], "x"
        for i, layer in enumerate(self.network.layers):
            given, more = [], {}
            for name in layer.parameters:
                given.append(f"{name}{i}")
                array = np.ascontiguousarray(getattr(layer, name))
                weights.append(numpy_helper.from_array(array, given[-1]))
            kind = {"Conv2D": "Conv", "Dense": "Gemm", "ReLU": "Relu"}
            kind |= {"MaxPool2D": "MaxPool", "Flatten": "Flatten"}
            name = type(layer).__name__
            if name == "Conv2D":
                window = layer.window
                more = {"strides": [window.stride] * 2, "pads": [window.padding] * 4}
            elif name == "Dense":
                more = {"transB": 1}
            elif name == "MaxPool2D":
                more = {"kernel_shape": [2, 2], "strides": [2, 2]}
            nodes.append(
                helper.make_node(kind[name], [last, *given], [f"y{i}"], **more)
            )
            last = f"y{i}"
        place = helper.make_tensor_value_info
        x = place("x", TensorProto.FLOAT, self.work.shape)
        y = place(last, TensorProto.FLOAT, (self.work.shape[0], 10))
        graph = helper.make_graph(nodes, "network", [x], [y], weights)
        opset = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=8)
        return bytes(model.SerializeToString())

    def runs(self) -> Runs:
        """Inference."""
        return {"inference": lambda: self.session.run(None, {"x": self.x})}

    def shown(self) -> list[np.ndarray]:
        """What the network answers."""
        return list(self.session.run(None, {"x": self.x}))


class ScikitLearn(Contestant):
    """scikit-learn's dense network."""

    def __init__(self, work: Work, dtype: str, threads: int) -> None:
        from sklearn.neural_network import MLPClassifier

        super().__init__(work, dtype, threads)
        self.model = MLPClassifier(
            (128,), solver="sgd", batch_size=len(self.x), momentum=0, alpha=0
        )
        self.model.set_params(learning_rate_init=self.rate)
        self.model.partial_fit(self.x, self.y, classes=np.arange(10))
        first, _, last = self.network.layers
        self.model.coefs_ = [first.W.T.copy(), last.W.T.copy()]
        self.model.intercepts_ = [first.b.copy(), last.b.copy()]

    def runs(self) -> Runs:
        """A training step, and inference."""

        def step() -> float:
            return self.model.partial_fit(self.x, self.y).loss_

        return {
            "training step": step,
            "inference": lambda: self.model.predict_proba(self.x),
        }

    def shown(self) -> list[np.ndarray]:
        """The logarithms of its probabilities, which are scores but for a number."""
        return [np.log(self.model.predict_proba(self.x))]


class Autograd(Contestant):
    """autograd, which finds the slopes of NumPy code."""

    def runs(self) -> Runs:
        """A training step, and inference."""
        import autograd
        import autograd.numpy as anp

        one_hot = np.eye(10, dtype=self.dtype)[self.y]

        def loss(p: Any) -> Any:
            z = self.scores(p)
            z = z - anp.max(z, axis=1, keepdims=True)
            log_sum = anp.log(anp.sum(anp.exp(z), axis=1))
            return anp.mean(log_sum - anp.sum(one_hot * z, axis=1))

        gradient = autograd.value_and_grad(loss)
        parameters, rate = self.parameters(), np.dtype(self.dtype).type(self.rate)

        def step() -> Any:
            value, slopes = gradient(parameters)
            for p, g in zip(parameters, slopes, strict=True):
                p -= rate * g
            return value

        return {"training step": step, "inference": lambda: self.scores(parameters)}

    def parameters(self) -> list[np.ndarray]:
        """Copy the weights, turned as they are multiplied."""
        first, _, last = self.network.layers
        return [first.W.T.copy(), first.b.copy(), last.W.T.copy(), last.b.copy()]

    def scores(self, p: Any) -> Any:
        """The way forward."""
        import autograd.numpy as anp

        return anp.dot(anp.maximum(anp.dot(self.x, p[0]) + p[1], 0), p[2]) + p[3]

    def shown(self) -> list[np.ndarray]:
        """What the network answers."""
        return [self.scores(self.parameters())]


CONTESTANTS: dict[str, type[Contestant]] = {
    "neuralblog": Neuralblog,
    "torch": Torch,
    "channels_last": ChannelsLast,
    "jax": Jax,
    "jax_last": JaxLast,
    "onnxruntime": Onnx,
    "scikit-learn": ScikitLearn,
    "autograd": Autograd,
}


def takes_part(name: str, work: Work, dtype: str) -> bool:
    """Tell whether a library can do this work, or has a layout to choose there."""
    images, network = len(work.shape) == 4, bool(work.optimizer)
    return {
        "channels_last": images,
        "jax": network,
        "jax_last": network and images,
        "onnxruntime": network and dtype == "float32",
        "scikit-learn": network and not images,
        "autograd": network and not images,
    }.get(name, True)


def serve(connection: Any, name: str, title: str, dtype: str, threads: int) -> None:
    """Do what the referee asks: show, take five steps, get ready, take a turn."""
    if threads == 1 and hasattr(os, "sched_setaffinity"):  # pools then have one thread
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    # the processor's time is what others on the machine disturb least; of several
    # threads it would be the sum, so then it is the clock on the wall
    clock = time.process_time if threads == 1 else time.perf_counter
    try:
        contestant = CONTESTANTS[name](WORKS[title], dtype, threads)
    except ImportError as missing:
        connection.send(str(missing))
        return
    connection.send("")
    shown, runs, repeats = contestant.shown(), contestant.runs(), {}
    while (asked := connection.recv()) is not None:
        what, run = asked
        if what == "show":
            step = runs.get("training step")
            losses = contestant.losses(step) if step else []
            connection.send(([np.asarray(a) for a in shown], losses, list(runs)))
            continue
        if run not in repeats:
            for _ in range(3):
                contestant.wait(runs[run]())
            begun = clock()
            contestant.wait(runs[run]())
            repeats[run] = max(1, int(TURN / max(clock() - begun, 1e-6)))
        begun = clock()
        for _ in range(repeats[run]):
            result = runs[run]()
        contestant.wait(result)
        connection.send((clock() - begun) / repeats[run])
