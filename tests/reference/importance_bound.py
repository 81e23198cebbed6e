"""The likelihood of images of 0 and 1 under a variational autoencoder with one number in its code, in float64: by quadrature, and its bound
by importance sampling; what tests/importance_bound.rs compares with.

    pip install numpy && python tests/reference/importance_bound.py

writes importance_bound.json beside itself. Weights are [inputs, outputs], y = x W + b, as burn has them.
"""

import json
from pathlib import Path

import numpy as np

from reference import elu, numbers

INPUT, HIDDEN, IMAGES, SAMPLES = 6, 5, 4, 7


def affine(weights, name, x):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def log_joint(weights, image, codes):
    """log p(x | z) + log p(z) of one image and codes [any, 1]."""
    logits = affine(weights, "logits", elu(affine(weights, "decoder.layers.0", codes)))
    log_likelihood = (image * logits - np.logaddexp(0.0, logits)).sum(axis=1)
    return log_likelihood - 0.5 * (codes[:, 0] ** 2 + np.log(2.0 * np.pi))


def log_weights(weights, image, epsilon):
    """log p(x, z) - log q(z | x) of the codes m + sigma epsilon."""
    hidden = elu(affine(weights, "encoder.layers.0", image[None]))
    mean, log_variance = affine(weights, "mean", hidden), affine(weights, "log_variance", hidden)
    sigma = np.exp(0.5 * log_variance)
    codes = mean + sigma * epsilon
    log_posterior = -0.5 * (((codes - mean) / sigma) ** 2 + np.log(2.0 * np.pi) + log_variance)[:, 0]
    return log_joint(weights, image, codes) - log_posterior


def log_mean_exp(values):
    return values.max() + np.log(np.exp(values - values.max()).mean())


if __name__ == "__main__":
    rng = np.random.default_rng(20160502)
    sizes = [
        ("encoder.layers.0", INPUT, HIDDEN), ("mean", HIDDEN, 1), ("log_variance", HIDDEN, 1),
        ("decoder.layers.0", 1, HIDDEN), ("logits", HIDDEN, INPUT),
    ]
    weights = {}
    for name, inputs, outputs in sizes:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = numbers(rng, inputs, outputs), numbers(rng, outputs)
    # A posterior near the prior covers the true one: 5,000 samples are enough then.
    for name in ["mean.weight", "mean.bias", "log_variance.weight", "log_variance.bias"]:
        weights[name] = np.round(0.2 * weights[name], 3)
    images = rng.integers(0, 2, (IMAGES, INPUT)).astype(float)
    epsilon = np.round(rng.normal(0.0, 1.0, (SAMPLES, 1)), 4)

    grid = np.linspace(-12.0, 12.0, 24_001)[:, None]
    exact = [np.log(np.exp(log_joint(weights, image, grid)).sum() * (grid[1, 0] - grid[0, 0])) for image in images]
    # All images of 0 and 1 together have a probability of 1.
    every = np.array([[number >> place & 1 for place in range(INPUT)] for number in range(2**INPUT)], dtype=float)
    total = sum(np.exp(log_joint(weights, image, grid)).sum() * (grid[1, 0] - grid[0, 0]) for image in every)
    assert abs(total - 1.0) < 1e-9, total

    tensor = lambda value: {"shape": value.shape, "values": np.asarray(value, dtype=float).ravel().tolist()}
    content = {
        "config": {
            "input": INPUT, "hidden": [HIDDEN], "code": 1, "posterior_scale": "log_variance", "kl_weight": 1.0, "binarises": True,
        },
        "weights": {name: tensor(value) for name, value in weights.items()},
        "images": tensor(images),
        "epsilon": tensor(epsilon),
        "log_weights": [log_weights(weights, image, epsilon).tolist() for image in images],
        "bounds": [log_mean_exp(log_weights(weights, image, epsilon)) for image in images],
        "log_likelihoods": exact,
    }
    (Path(__file__).parent / "importance_bound.json").write_text(json.dumps(content, indent=1) + "\n")
