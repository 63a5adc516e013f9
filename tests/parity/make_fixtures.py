"""Ask PyTorch what the library should compute: for tests/test_parity.py.

    python tests/parity/make_fixtures.py           # remake fixtures.npz
    python tests/parity/make_fixtures.py --live    # compare live, over random shapes

Needs torch (the fixtures are from 2.13.0, CPU) beside the library and its tests' needs.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
from test_parity import CASES, FIXTURES, Arrays, Case, compare, named, seeded

from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense
from neuralblog.pooling import AveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def evaluate(expression: str, **names: object) -> object:
    modules = vars(torch.nn) | vars(torch.optim)
    return eval(expression, {}, {**modules, **names})


def ask_layer(case: Case, rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    ours, theirs = case.ours(), evaluate(case.theirs).train(case.training)
    given = {"x": rng.standard_normal(case.shape)}
    given |= {k: rng.uniform(0.5, 1.5, a.shape) for k, a in named(ours, "ps").items()}
    tensors = [theirs] if not isinstance(theirs, torch.nn.Sequential) else theirs
    with torch.no_grad():
        for i, module in enumerate(tensors):
            for n, tensor in enumerate(module.parameters()):
                tensor.copy_(torch.from_numpy(given[f"p {i} {n}"]))
            state = [b for b in module.buffers() if b.dtype == torch.float64]
            for n, tensor in enumerate(state):
                tensor.copy_(torch.from_numpy(given[f"s {i} {n}"]))
    x = torch.from_numpy(given["x"].copy()).requires_grad_()
    y = theirs(x)
    given["dy"] = rng.standard_normal(y.shape)
    y.backward(torch.from_numpy(given["dy"]))
    expected = {"y": y, "dx": x.grad}
    for i, module in enumerate(tensors):
        for n, tensor in enumerate(module.parameters()):
            expected[f"g {i} {n}"] = tensor.grad
        state = [b for b in module.buffers() if b.dtype == torch.float64]
        for n, tensor in enumerate(state):
            expected[f"after s {i} {n}"] = tensor
    return given, {k: v.detach().numpy() for k, v in expected.items()}


def ask_loss(case: Case, rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    x = rng.standard_normal(case.shape)
    target = rng.standard_normal(case.shape)
    if "BCE" in case.theirs:
        x, target = rng.random(case.shape), rng.integers(0, 2, case.shape) * 1.0
        x[:2], target[:2] = (1e-6, 1), (1, 1)  # nearly sure and wrong, sure and right
    if "CrossEntropy" in case.theirs:
        target = rng.integers(0, case.shape[1], case.shape[0])
    leaf = torch.from_numpy(x.copy()).requires_grad_()
    value = evaluate(case.theirs)(leaf, torch.from_numpy(target))
    value.backward()
    expected = {"value": value.detach().numpy(), "dx": leaf.grad.numpy()}
    return {"x": x, "target": target}, expected


def ask_optimizer(case: Case, rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    given = {
        "x": rng.standard_normal(case.shape),
        "gradients": rng.standard_normal((10, *case.shape)),
    }
    p = torch.from_numpy(given["x"].copy()).requires_grad_()
    optimizer, steps = evaluate(case.theirs, p=[p]), []
    for gradients in given["gradients"]:
        p.grad = torch.from_numpy(gradients)
        optimizer.step()
        steps.append(p.detach().numpy().copy())
    return given, {"steps": np.array(steps)}


ASK = {"layer": ask_layer, "loss": ask_loss, "optimizer": ask_optimizer}


def write_fixtures() -> None:
    rng = np.random.default_rng(0)
    arrays = {"torch": np.array(torch.__version__)}
    for kind, cases in CASES.items():
        for name, case in cases.items():
            given, expected = ASK[kind](case, rng)
            compare(kind, case, given, expected)
            arrays |= {f"{name}|given|{k}": v for k, v in given.items()}
            arrays |= {f"{name}|expected|{k}": v for k, v in expected.items()}
    np.savez_compressed(FIXTURES, **arrays)
    print(f"{FIXTURES.name}: {len(arrays)} arrays, {FIXTURES.stat().st_size:,} bytes")


def random_case(rng: np.random.Generator) -> Case:
    """Draw a layer with random sizes and options, and an input that fits it."""
    N, C, F = (int(n) for n in rng.integers(1, 20, 3))
    K, S, D = (int(n) for n in rng.integers(1, (8, 4, 4)))
    P = int(rng.integers(0, 4))
    side = rng.integers(max(1, D * (K - 1) + 1 - 2 * P), 32, 2)
    H, W = (int(n) for n in side)
    options = f"stride={S}, padding={P}, dilation={D}"
    pool = (N, C, max(H, K), max(W, K))
    choices = [
        Case(lambda: seeded(Dense, C, F), f"Linear({C}, {F})", (N, C)),
        Case(lambda: BatchNorm(C), f"BatchNorm2d({C})", (N, C, H + 1, W), True),
        Case(lambda: MaxPool2D(K, stride=S), f"MaxPool2d({K}, stride={S})", pool),
        Case(lambda: AveragePool2D(K, stride=S), f"AvgPool2d({K}, stride={S})", pool),
    ]
    conv = Case(
        lambda: seeded(Conv2D, C, F, K, stride=S, padding=P, dilation=D),
        f"Conv2d({C}, {F}, {K}, {options})",
        (N, C, H, W),
    )
    choices += 4 * [conv]
    return choices[rng.integers(len(choices))]


def compare_live(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(n):
        case = random_case(rng)
        compare("layer", case, *ask_layer(case, rng))
    for kind, cases in CASES.items():
        for case in cases.values():
            compare(kind, case, *ASK[kind](case, rng))
    print(f"{n} random layers and every case agree with torch {torch.__version__}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--live", action="store_true", help="compare over random shapes"
    )
    parser.add_argument("--n", type=int, default=200, help="how many random layers")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.live:
        compare_live(arguments.n, arguments.seed)
    else:
        write_fixtures()
