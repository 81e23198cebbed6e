"""The loss, the gradients and a step of the chain of a small generative stochastic network, by PyTorch in float64: what tests/gsn.rs
compares with.

    pip install numpy torch && python tests/reference/gsn.py

writes gsn.json beside itself. Weights are [inputs, outputs], y = x W + b, as burn has them. The draws are listed in the order in which
a step asks for them.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

INPUT, HIDDEN, CODE, BATCH, WALKBACK = 6, 5, 4, 3, 3
SALT_AND_PEPPER, CODE_NOISE = 0.4, 0.3
LAYERS = {"encoder": (INPUT, HIDDEN), "code": (HIDDEN, CODE), "decoder": (CODE, HIDDEN), "output": (HIDDEN, INPUT)}


def tensor(value):
    return {"shape": list(value.shape), "values": value.detach().flatten().tolist()}


def step_draws(rng):
    """Of one step: which pixels are kept, what the others become, the noise before and after the code's activation, and the numbers by
    which pixels are drawn."""
    images, codes = (BATCH, INPUT), (BATCH, CODE)
    draws = {
        "kept": rng.uniform(size=images) < 1.0 - SALT_AND_PEPPER,
        "coins": rng.uniform(size=images) < 0.5,
        "before": rng.normal(size=codes),
        "after": rng.normal(size=codes),
        "uniform": rng.uniform(size=images),
    }
    return {name: torch.tensor(np.round(value.astype(float), 3)) for name, value in draws.items()}


def affine(weights, name, x):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def transition(weights, images, draws):
    """The corrupted images, and the logits of the next ones: Bengio et al. 2014, section 5, with one hidden layer on each side."""
    noisy = torch.where(draws["kept"] == 1.0, images, draws["coins"])
    activations = affine(weights, "code", F.elu(affine(weights, "encoder", noisy)))
    codes = CODE_NOISE * draws["after"] + torch.tanh(activations + CODE_NOISE * draws["before"])
    return noisy, affine(weights, "output", F.elu(affine(weights, "decoder", codes)))


def loss(weights, target, draws):
    """Bengio et al. 2013, algorithm 1, with a fixed number of steps: nats per image, the mean over the steps."""
    images, nats = target, []
    for step in draws:
        _, logits = transition(weights, images, step)
        nats.append(F.binary_cross_entropy_with_logits(logits, target, reduction="sum") / BATCH)
        images = (step["uniform"] < torch.sigmoid(logits.detach())).double()
    return torch.stack(nats).mean()


if __name__ == "__main__":
    rng = np.random.default_rng(20130605)
    weights = {}
    for name, (inputs, outputs) in LAYERS.items():
        for kind, shape in [("weight", (inputs, outputs)), ("bias", (outputs,))]:
            weights[f"{name}.{kind}"] = torch.tensor(np.round(rng.normal(0.0, 0.6, shape), 3)).requires_grad_()
    target = torch.tensor(np.round(rng.uniform(size=(BATCH, INPUT)), 3))
    target[0, :2] = torch.tensor([0.0, 1.0])
    draws = [step_draws(rng) for _ in range(WALKBACK)]
    value = loss(weights, target, draws)
    value.backward()
    noisy, logits = transition(weights, target, draws[0])
    means = torch.sigmoid(logits)
    content = {
        "config": {
            "input": INPUT,
            "hidden": HIDDEN,
            "code": CODE,
            "salt_and_pepper": SALT_AND_PEPPER,
            "code_noise": CODE_NOISE,
            "walkback": WALKBACK,
        },
        "target": tensor(target),
        "draws": [value.flatten().tolist() for step in draws for value in step.values()],
        "weights": {name: tensor(value) for name, value in weights.items()},
        "cross_entropy": value.item(),
        "gradients": {name: tensor(value.grad) for name, value in weights.items()},
        "step": {"noisy": tensor(noisy), "means": tensor(means), "drawn": tensor((draws[0]["uniform"] < means).double())},
    }
    (Path(__file__).parent / "gsn.json").write_text(json.dumps(content, indent=1) + "\n")
