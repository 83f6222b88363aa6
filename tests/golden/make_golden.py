"""Makes torch.json and optax.json: what PyTorch and optax compute in float64, to check this project's rules against.

    python -m venv venv && venv/bin/pip install torch optax numpy && venv/bin/python make_golden.py

1,000 steps on ten parameters, a snapshot every 100. Each case names the rule and the options of ours that define the
same update as the framework's optimizer. The gradient below is repeated in golden.test.ts, operation by operation, so
that both sides see the same float64 values.
"""

import json
import math
import platform
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402
import torch  # noqa: E402

STEPS, EVERY = 1000, 100
START = [1.5, -1.25, 1.0, -0.75, 0.5, -0.25, 2.0, -2.0, 0.75, 1.0]


def gradient(parameters, t):
    """A noisy quadratic; parameter 8 sees every tenth gradient only, parameter 9 none at all."""
    out = np.zeros(10)
    for i in range(9):
        if i == 8 and t % 10 != 0:
            continue
        noise = ((t * 7919 + i * 104729 + t * t * 31) % 2003 - 1001) / 1001
        out[i] = 2.0 ** (i % 5 - 3) * (parameters[i] - (i - 4.5) / 4) + 2.0 ** -(i % 4) * noise
    return out


def snapshots(parameters, step):
    taken = {}
    for t in range(1, STEPS + 1):
        parameters = step(parameters, gradient(parameters, t), t)
        if t % EVERY == 0:
            taken[t] = [float(x) for x in parameters]
    return taken


def torch_case(make, lr_at=None):
    p = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer = make([p])

    def step(_, g, t):
        if lr_at:
            optimizer.param_groups[0]["lr"] = lr_at(t)
        p.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
        return p.detach().numpy().copy()

    return snapshots(np.array(START), step)


def optax_case(transformation):
    state = transformation.init(jnp.array(START, dtype=jnp.float64))
    update = jax.jit(transformation.update)

    def step(p, g, _):
        nonlocal state
        delta, state = update(jnp.array(g), state, jnp.array(p))
        return np.asarray(p + np.asarray(delta))

    return snapshots(np.array(START), step)


def case(made_by, rule, hyper, taken, **settings):
    return {"madeBy": made_by, "rule": rule, "hyper": hyper, **settings, "snapshots": taken}


def torch_cases():
    o = torch.optim
    at = "outside"
    l2 = lambda rate: {"mode": "l2", "rate": rate}  # noqa: E731
    rows = [
        ("SGD(lr=0.05)", "sgd", {"lr": 0.05}, {}),
        ("SGD(lr=0.05, weight_decay=0.1)", "sgd", {"lr": 0.05}, {"weightDecay": l2(0.1)}),
        ("SGD(lr=0.05, momentum=0.9)", "momentum", {"lr": 0.05, "lrPlacement": at}, {}),
        ("SGD(lr=0.05, momentum=0.9, nesterov=True)", "nesterov", {"lr": 0.05, "lrPlacement": at}, {}),
        ("Adagrad(lr=0.1)", "adagrad", {"lr": 0.1, "epsilon": 1e-10, "epsilonPlacement": at}, {}),
        (
            "Adagrad(lr=0.1, initial_accumulator_value=0.1)",
            "adagrad",
            {"lr": 0.1, "epsilon": 1e-10, "epsilonPlacement": at, "initialAccumulator": 0.1},
            {},
        ),
        ("RMSprop(lr=0.01)", "rmsprop", {"lr": 0.01, "rho": 0.99, "epsilonPlacement": at}, {}),
        (
            "RMSprop(lr=0.01, alpha=0.9, centered=True)",
            "rmsprop",
            {"lr": 0.01, "epsilonPlacement": at, "centered": True},
            {},
        ),
        ("Adadelta()", "adadelta", {"rho": 0.9}, {}),
        ("Adadelta(lr=0.5, rho=0.95)", "adadelta", {"lr": 0.5}, {}),
        ("Adam(lr=0.01)", "adam", {"lr": 0.01}, {}),
        ("Adam(lr=0.01, betas=(0.5, 0.9), eps=0.001)", "adam", {"lr": 0.01, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.001}, {}),
        ("Adam(lr=0.01, weight_decay=0.1)", "adam", {"lr": 0.01}, {"weightDecay": l2(0.1)}),
        ("AdamW(lr=0.01, weight_decay=0.1)", "adam", {"lr": 0.01}, {"weightDecay": {"mode": "decoupled-lr", "rate": 0.1}}),
        ("Adam(lr=0.01, amsgrad=True)", "amsgrad", {"lr": 0.01, "biasCorrection": True}, {}),
        ("Adamax(lr=0.01)", "adamax", {"lr": 0.01, "epsilon": 1e-8}, {}),
    ]
    for made_by, rule, hyper, settings in rows:
        name, arguments = made_by.split("(", 1)
        make = lambda p: eval(f"o.{name}(p, {arguments}", {"o": o, "p": p})  # noqa: E731, B023
        yield case(f"torch.optim.{made_by}", rule, hyper, torch_case(make), **settings)
    yield case(
        "torch.optim.SGD(momentum=0.9), lr set to 0.5 / sqrt(t) before step t",
        "momentum",
        {"lr": 0.5, "lrPlacement": at},
        torch_case(lambda p: o.SGD(p, lr=0.5, momentum=0.9), lambda t: 0.5 / math.sqrt(t)),
        schedule={"type": "inverse-sqrt", "per": "step"},
    )


def optax_cases():
    rows = [
        ("sgd(0.05, momentum=0.9, nesterov=True)", "nesterov", {"lr": 0.05, "lrPlacement": "outside"}, {}),
        ("adagrad(0.1, initial_accumulator_value=0.0, eps=1e-8)", "adagrad", {"lr": 0.1}, {}),
        ("rmsprop(0.01)", "rmsprop", {"lr": 0.01}, {}),
        ("rmsprop(0.01, initial_scale=1.0)", "rmsprop", {"lr": 0.01, "initialAccumulator": 1}, {}),
        ("rmsprop(0.01, eps_in_sqrt=False, bias_correction=True)", "rmsprop",
         {"lr": 0.01, "epsilonPlacement": "outside", "biasCorrection": True}, {}),
        ("rmsprop(0.01, centered=True)", "rmsprop", {"lr": 0.01, "centered": True}, {}),
        ("adadelta(1.0, rho=0.95)", "adadelta", {}, {}),
        ("adam(0.01)", "adam", {"lr": 0.01}, {}),
        ("adam(0.01, eps=0.0, eps_root=1e-8)", "adam", {"lr": 0.01, "epsilonPlacement": "inside"}, {}),
        ("adamw(0.01, weight_decay=0.1)", "adam", {"lr": 0.01}, {"weightDecay": {"mode": "decoupled-lr", "rate": 0.1}}),
        ("adamax(0.01)", "adamax", {"lr": 0.01, "epsilon": 1e-8}, {}),
        ("nadam(0.01)", "nadam", {"lr": 0.01, "lookAhead": "dozat"}, {}),
        ("amsgrad(0.01, bias_correction_mu=False, bias_correction_nu=False)", "amsgrad", {"lr": 0.01}, {}),
        ("amsgrad(0.01)", "amsgrad", {"lr": 0.01, "biasCorrection": True, "maximumOf": "corrected"}, {}),
    ]
    for made_by, rule, hyper, settings in rows:
        transformation = eval(f"optax.{made_by}", {"optax": optax})
        yield case(f"optax.{made_by}", rule, hyper, optax_case(transformation), **settings)


def write(name, versions, cases):
    document = {"madeWith": {"python": platform.python_version(), **versions}, "start": START, "cases": list(cases)}
    text = json.dumps(document, indent=1)
    Path(__file__).with_name(name).write_text(text + "\n")


write("torch.json", {"torch": torch.__version__, "numpy": np.__version__}, torch_cases())
write("optax.json", {"optax": optax.__version__, "jax": jax.__version__, "numpy": np.__version__}, optax_cases())
