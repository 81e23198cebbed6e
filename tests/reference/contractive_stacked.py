"""The losses and gradients of the three phases of a small stacked contractive autoencoder, and a step of its walk, in float64: what
tests/contractive_stacked.rs compares with.

    pip install numpy && python tests/reference/contractive_stacked.py

writes contractive_stacked.json beside itself. The walk's Jacobian is the whole matrix here, and checked against central differences,
which the last phase's gradients are.
"""

import json
from pathlib import Path

import numpy as np

from reference import contractive, linear, numbers, sigmoid

INPUT, HIDDEN, CODE, BATCH, WALKBACK = 6, 5, 4, 3, 3
CONTRACTION, WALK_SIGMA, WALKBACK_SIGMA, STEP = 0.3, 0.9, 0.7, 1e-5


def tensor(value):
    return {"shape": list(np.shape(value)), "values": np.ravel(value).tolist()}


def layer(weights, name):
    """The weights of one of the two autoencoders, by their names in it."""
    return {path.removeprefix(f"{name}."): value for path, value in weights.items() if path.startswith(f"{name}.")}


def encode(weights, x):
    for name in ["outer", "inner"]:
        x = sigmoid(x @ weights[f"{name}.encoder.weight"] + weights[f"{name}.encoder.bias"])
    return x


def decode(weights, h):
    for name in ["inner", "outer"]:
        h = sigmoid(h @ weights[f"{name}.encoder.weight"].T + weights[f"{name}.output_bias"])
    return h


def layer_jacobian(weights, name, x):
    """dh_j / dx_i of one layer at [j, i], and its output."""
    h = sigmoid(x @ weights[f"{name}.encoder.weight"] + weights[f"{name}.encoder.bias"])
    return np.diag(h * (1.0 - h)) @ weights[f"{name}.encoder.weight"].T, h


def jacobian(weights, image):
    """dh_j / dx_i of the stack at [j, i]."""
    outer, h = layer_jacobian(weights, "outer", image)
    inner, _ = layer_jacobian(weights, "inner", h)
    return inner @ outer


def jacobian_by_differences(weights, image):
    columns = [encode(weights, image + STEP * unit) - encode(weights, image - STEP * unit) for unit in np.eye(INPUT)]
    return np.stack(columns, axis=1) / (2.0 * STEP)


def walk(weights, images, noise, sigma):
    """Rifai et al. 2012: x + J^T e, and g(f(x) + J J^T e), with e = `sigma` times `noise`."""
    noisy, means = [], []
    for image, draws in zip(images, noise):
        matrix = jacobian(weights, image)
        direction = matrix.T @ (sigma * draws)
        noisy.append(image + direction)
        means.append(decode(weights, encode(weights, image) + matrix @ direction))
    return np.array(noisy), np.array(means)


def walkback(weights, target, starts, noise):
    """Bengio et al. 2013, algorithm 1, by the walk: nats per image, the mean over its steps, which begin at `starts`; and the weighted
    penalties of both layers."""
    nats, penalty = [], 0.0
    for images, draws in zip(starts, noise):
        _, means = walk(weights, images, draws, WALKBACK_SIGMA)
        nats.append(-(target * np.log(means) + (1.0 - target) * np.log(1.0 - means)).sum(axis=1).mean())
    for image in target:
        outer, h = layer_jacobian(weights, "outer", image)
        inner, _ = layer_jacobian(weights, "inner", h)
        penalty += ((outer**2).sum() + (inner**2).sum()) / len(target)
    return {"cross_entropy": np.mean(nats), "contraction": CONTRACTION * penalty}


def gradients_by_differences(loss, weights):
    gradients = {name: np.zeros_like(value) for name, value in weights.items()}
    for name, value in weights.items():
        for index in np.ndindex(value.shape):
            here = value[index]
            slope = 0.0
            for sign in [1.0, -1.0]:
                value[index] = here + sign * STEP
                slope += sign * sum(loss(weights).values()) / (2.0 * STEP)
            value[index] = here
            gradients[name][index] = slope
    return gradients


if __name__ == "__main__":
    rng = np.random.default_rng(20120626)
    weights = {
        **linear(rng, INPUT, HIDDEN, "outer.encoder"), "outer.output_bias": numbers(rng, INPUT),
        **linear(rng, HIDDEN, CODE, "inner.encoder"), "inner.output_bias": numbers(rng, HIDDEN),
    }
    images = np.round(rng.uniform(size=(BATCH, INPUT)), 3)
    noise = np.round(rng.normal(size=(WALKBACK, BATCH, CODE)), 3)
    outer_codes = sigmoid(images @ weights["outer.encoder.weight"] + weights["outer.encoder.bias"])
    phases = []
    for name, examples in [("outer", images), ("inner", outer_codes)]:
        parts, gradients = contractive(layer(weights, name), examples, examples, None, CONTRACTION)
        phases.append({
            "examples": tensor(examples),
            "parts": parts,
            "gradients": {f"{name}.{path}": tensor(value) for path, value in gradients.items()},
        })
    starts = [images]
    for draws in noise[:-1]:
        starts.append(walk(weights, starts[-1], draws, WALKBACK_SIGMA)[1])
    joint = lambda weights: walkback(weights, images, starts, noise)
    gradients = gradients_by_differences(joint, weights)
    phases.append({
        "examples": tensor(images),
        "parts": joint(weights),
        "gradients": {path: tensor(value) for path, value in gradients.items()},
    })
    jacobians = np.array([jacobian(weights, image) for image in images])
    assert np.allclose(jacobians, [jacobian_by_differences(weights, image) for image in images], atol=1e-9)
    noisy, means = walk(weights, images, noise[0], WALK_SIGMA)
    content = {
        "config": {
            "input": INPUT,
            "hidden": HIDDEN,
            "code": CODE,
            "contraction": CONTRACTION,
            "walk_sigma": WALK_SIGMA,
            "walkback": WALKBACK,
            "walkback_sigma": WALKBACK_SIGMA,
        },
        "images": tensor(images),
        "weights": {name: tensor(value) for name, value in weights.items()},
        "phases": phases,
        "noise": [draws.ravel().tolist() for draws in noise],
        "jacobians": tensor(jacobians),
        "noisy": tensor(noisy),
        "means": tensor(means),
    }
    (Path(__file__).parent / "contractive_stacked.json").write_text(json.dumps(content, indent=1) + "\n")
