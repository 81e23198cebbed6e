"""What is read out of models, in float64: what tests/analysis.rs compares with.

    pip install numpy && python tests/reference/analysis.py

writes analysis.json beside itself. Weights are [inputs, outputs], y = x W + b, as burn has them.
"""

import json
from pathlib import Path

import numpy as np

from reference import elu, elu_slope, numbers, sigmoid

# A stacked autoencoder on images of 4 x 4 pixels.
SIDE, HIDDEN, CODE, IMAGES = 4, 5, 3, 12
STEP_SIZE, DECAY, BLUR = 0.5, 0.02, 0.7


def forward(weights, x):
    """The layers of the stacked autoencoder: input, hidden, code, hidden, pixels."""
    layers = [x]
    for name in ["encoder.layers.0", "encoder.layers.1", "decoder.layers.0"]:
        layers.append(elu(layers[-1] @ weights[f"{name}.weight"] + weights[f"{name}.bias"]))
    layers.append(sigmoid(layers[-1] @ weights["output.weight"] + weights["output.bias"]))
    return layers


def slope_of_unit(weights, x, layer, unit):
    """The gradient of an activation along the pixels of one image, backwards through the layers."""
    names = ["encoder.layers.0", "encoder.layers.1", "decoder.layers.0"][:layer]
    affine, hidden = [], x
    for name in names:
        affine.append(hidden @ weights[f"{name}.weight"] + weights[f"{name}.bias"])
        hidden = elu(affine[-1])
    slope = np.zeros_like(hidden)
    slope[unit] = 1.0
    for name, before in zip(reversed(names), reversed(affine)):
        slope = (slope * elu_slope(before)) @ weights[f"{name}.weight"].T
    return slope


def blurred(image, deviation):
    """A Gaussian over rows and columns, what lies outside the image left out of the mean."""
    places = np.arange(SIDE)
    kernel = np.exp(-0.5 * ((places[:, None] - places[None, :]) / deviation) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)
    return (kernel @ image.reshape(SIDE, SIDE) @ kernel.T).ravel()


def ascent(weights, x, layer, unit, steps):
    """Erhan et al. 2009 with the decay and the blur of Yosinski et al. 2015."""
    for _ in range(steps):
        slope = slope_of_unit(weights, x, layer, unit)
        x = (x + STEP_SIZE * slope / np.linalg.norm(slope)) * (1.0 - DECAY)
        x = np.clip(blurred(x, BLUR), 0.0, 1.0)
    return x


def ridge(inputs, targets, penalty):
    """Weights and intercept of ridge regression, the intercept free (Hoerl & Kennard 1970)."""
    mean, centre = inputs.mean(axis=0), targets.mean(axis=0)
    x, y = inputs - mean, targets - centre
    weights = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)
    return weights, centre - mean @ weights


def sparseness(activations):
    """The mean, Treves & Rolls' measure averaged over the images, the share below 0.05, the least mean of a unit."""
    ratios = activations.mean(axis=1) ** 2 / (activations**2).mean(axis=1)
    return [activations.mean(), ratios.mean(), (activations < 0.05).mean(), activations.mean(axis=0).min()]


def spherical(a, b, count):
    """Shoemake 1985."""
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    shares = np.linspace(0.0, 1.0, count)[:, None]
    return (np.sin((1.0 - shares) * angle) * a + np.sin(shares * angle) * b) / np.sin(angle)


def principal(points, count):
    """The variances along the principal components, the components and the points along them, the largest coordinate of each
    component positive."""
    centred = points - points.mean(axis=0)
    _, values, vectors = np.linalg.svd(centred, full_matrices=False)
    vectors = vectors[:count]
    vectors *= np.sign(vectors[np.arange(count), np.abs(vectors).argmax(axis=1)])[:, None]
    return values[:count] ** 2 / len(points), vectors, centred @ vectors.T


def layers(rng, names):
    return {
        f"{name}.{part}": value
        for name, inputs, outputs in names
        for part, value in [("weight", numbers(rng, inputs, outputs)), ("bias", numbers(rng, outputs))]
    }


if __name__ == "__main__":
    rng = np.random.default_rng(20090609)
    pixels = SIDE * SIDE
    weights = layers(rng, [
        ("encoder.layers.0", pixels, HIDDEN), ("encoder.layers.1", HIDDEN, CODE),
        ("decoder.layers.0", CODE, HIDDEN), ("output", HIDDEN, pixels),
    ])
    images = np.round(rng.uniform(0.0, 1.0, (IMAGES, pixels)), 3)
    layer, unit, steps = 2, 1, 5
    maximised = ascent(weights, images[0], layer, unit, steps)

    # The slope against differences.
    for at in range(pixels):
        moved = np.eye(pixels)[at] * 1e-6
        sides = [forward(weights, image)[layer][unit] for image in (images[0] + moved, images[0] - moved)]
        difference = (sides[0] - sides[1]) / 2e-6
        assert abs(difference - slope_of_unit(weights, images[0], layer, unit)[at]) < 1e-7

    inputs, classes = numbers(rng, 40, 6), rng.integers(0, 3, 40)
    solution, intercept = ridge(inputs, np.eye(3)[classes], 10.0)
    activations = np.round(rng.uniform(0.0, 1.0, (7, 5)) ** 4, 4)
    spread = np.round(rng.normal(0.0, 1.0, (60, 20)) * np.linspace(3.0, 0.2, 20), 3)
    variances, components, along = principal(spread, 3)
    ends = numbers(rng, 2, 4)

    tensor = lambda value: {"shape": value.shape, "values": np.asarray(value, dtype=float).ravel().tolist()}
    content = {
        "network": {
            "config": {"input": pixels, "hidden": [HIDDEN], "code": CODE},
            "weights": {name: tensor(value) for name, value in weights.items()},
            "images": tensor(images),
            "layers": [tensor(value) for value in forward(weights, images)],
        },
        "ascent": {
            "step_size": STEP_SIZE, "decay": DECAY, "blur": BLUR, "layer": layer, "unit": unit, "steps": steps,
            "pixels": tensor(maximised), "activation": forward(weights, maximised)[layer][unit],
        },
        "ridge": {
            "lambda": 10.0, "inputs": tensor(inputs), "classes": classes.tolist(),
            "predictions": tensor(inputs @ solution + intercept),
        },
        "sparseness": {"activations": tensor(activations), "expected": sparseness(activations)},
        "principal": {
            "points": tensor(spread), "variances": variances.tolist(), "components": tensor(components), "along": tensor(along),
        },
        "spherical": {"ends": tensor(ends), "codes": tensor(spherical(ends[0], ends[1], 6))},
    }
    (Path(__file__).parent / "analysis.json").write_text(json.dumps(content, indent=1) + "\n")
