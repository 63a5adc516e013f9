"""Learn to read digits, from a cold start until 97 of 100 held back are read right.

    python benchmarks/learn.py torch DATA.npz

Run by `cold.py`, which writes the file: the shipped digits, LeNet's first weights, and
an order of the batches, the same for everybody. Only scikit-learn has no convolution:
it gets a dense network, 784-128-10, and weights of its own. Prints a line of JSON.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

ENOUGH = 0.97
BATCH = 64
LOOK = 25  # steps from one look at the digits held back to the next
LAYERS = 5  # of LeNet that learn: two convolutions, three dense ones
Learner = tuple[Callable[[Any, Any], Any], Callable[[Any], np.ndarray]]


def neuralblog(data: Any) -> Learner:
    """Ours."""
    from neuralblog import Adam, SoftmaxCrossEntropy
    from neuralblog.cnn import lenet

    network = lenet(rng=np.random.default_rng(0), dtype=np.float32)
    loss, optimizer = SoftmaxCrossEntropy(), Adam(1e-3)
    learning = [layer for layer in network.layers if layer.parameters]
    for i, layer in enumerate(learning):
        layer.W, layer.b = data[f"W{i}"], data[f"b{i}"]

    def step(x: Any, y: Any) -> None:
        scores = network.forward(x, training=True)
        network.parameter_gradients(loss.gradient(scores, y))
        optimizer.step(network.parameters, network.gradients)

    return step, network.predict


def torch(data: Any) -> Learner:
    """PyTorch, eagerly."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()),
        nn.Linear(84, 10),
    )
    learning = [layer for layer in model if hasattr(layer, "weight")]
    with torch.no_grad():
        for i, layer in enumerate(learning):
            layer.weight.copy_(torch.from_numpy(data[f"W{i}"]))
            layer.bias.copy_(torch.from_numpy(data[f"b{i}"]))
    model = model.to(memory_format=torch.channels_last)  # the faster one here
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        scores = model(torch.from_numpy(x))
        nn.functional.cross_entropy(scores, torch.from_numpy(y)).backward()
        optimizer.step()

    def answer(x: Any) -> np.ndarray:
        with torch.inference_mode():
            return model(torch.from_numpy(x)).numpy()

    return step, answer


def jax(data: Any) -> Learner:
    """JAX, compiled."""
    import jax
    import jax.numpy as jnp

    square = (1, 1, 2, 2)

    def scores(parameters: Any, x: Any) -> Any:
        for i, (W, b) in enumerate(parameters):
            if i < 2:  # the convolutions, of which the first one pads
                frame = [(2 - 2 * i, 2 - 2 * i)] * 2
                x = jax.lax.conv_general_dilated(x, W, (1, 1), frame)
                x = jax.nn.relu(x + b[:, None, None])
                largest = (x, -np.inf, jax.lax.max, square, square, "VALID")
                x = jax.lax.reduce_window(*largest)
            else:
                x = x.reshape(len(x), -1) @ W.T + b
                x = jax.nn.relu(x) if i < LAYERS - 1 else x
        return x

    def loss(parameters: Any, x: Any, y: Any) -> Any:
        logs = jax.nn.log_softmax(scores(parameters, x))
        return -jnp.mean(jnp.take_along_axis(logs, y[:, None], axis=1))

    def adam(state: Any, x: Any, y: Any) -> Any:
        p, m, v, t = state
        g, t = jax.grad(loss)(p, x, y), t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate, spread = 1e-3 / (1 - 0.9**t), 1 - 0.999**t

        def move(p: Any, m: Any, v: Any) -> Any:
            return p - rate * m / (jnp.sqrt(v / spread) + 1e-8)

        return jax.tree.map(move, p, m, v), m, v, t

    compiled, answer = jax.jit(adam, donate_argnums=0), jax.jit(scores)
    numbers = [(data[f"W{i}"], data[f"b{i}"]) for i in range(LAYERS)]
    p, m, v = (
        jax.tree.map(lambda a, k=k: jnp.array(a) * k, numbers) for k in (1, 0, 0)
    )
    state = [(p, m, v, jnp.zeros(()))]

    def step(x: Any, y: Any) -> None:
        state[0] = compiled(state[0], x, y)

    return step, lambda x: np.asarray(answer(state[0][0], x))


def scikit_learn(data: Any) -> Learner:
    """scikit-learn's dense network."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier((128,), batch_size=BATCH, alpha=0, random_state=0)
    classes = np.arange(10)

    def step(x: Any, y: Any) -> None:
        model.partial_fit(x.reshape(len(x), -1), y, classes=classes)

    return step, lambda x: model.predict_proba(x.reshape(len(x), -1))


def learn(learner: Learner, data: Any) -> dict[str, float]:
    """Take steps until enough digits are read right, or all batches are used up.

    From a few hundred steps on, rounding leads each library another way, up and down
    around the goal: so it is the mean of four looks that has to reach it.
    """
    step, answer = learner
    x, y, x_test, y_test = (data[name] for name in ("x", "y", "x_test", "y_test"))
    looks, best = [0.0, 0.0, 0.0], 0.0
    for n, batch in enumerate(data["batches"], 1):
        step(x[batch], y[batch])
        if n % LOOK == 0:
            looks.append(float(np.mean(answer(x_test).argmax(axis=1) == y_test)))
            best = max(best, float(np.mean(looks[-4:])))
            if best >= ENOUGH:
                break
    return {"steps": n, "accuracy": round(best, 4)}


LEARNERS = {
    "neuralblog": neuralblog,
    "torch": torch,
    "jax": jax,
    "scikit-learn": scikit_learn,
}


if __name__ == "__main__":
    with np.load(sys.argv[2]) as file:
        given = dict(file)
    print(json.dumps(learn(LEARNERS[sys.argv[1]](given), given)))
