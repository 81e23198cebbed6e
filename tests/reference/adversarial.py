"""The adversarial autoencoder's three losses, their gradients and one step of its two optimisers, in float64 by hand-written
backpropagation: what tests/adversarial.rs compares with.

    pip install numpy && python tests/reference/adversarial.py

writes adversarial.json and energy_distance.json beside itself. The gradients are checked here against central differences.
"""

import json
from pathlib import Path

import numpy as np

from reference import numbers, sigmoid

INPUT, HIDDEN, CODE, CLASSES, DISCRIMINATOR, BATCH = 6, [5, 4], 2, 10, [7], 5
DEVIATION, RATE, DISCRIMINATOR_RATE, WEIGHT = 0.3, 0.01, 0.5, 0.2
# How the weight grows, and how far the phase is.
GROWTH, PROGRESS = 4.0, 0.5
LABELS = [3, 0, 7, 3, 9]


class Network:
    """Affine layers with ReLUs between them: `hidden.layers.0`, `hidden.layers.1`, ..., `output`."""

    def __init__(self, weights, name, hidden):
        self.names = [f"{name}.hidden.layers.{index}" for index in range(hidden)] + [f"{name}.output"]
        self.weights = weights

    def forward(self, x):
        self.inputs = []
        for name in self.names:
            self.inputs.append(x)
            x = x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
            if name != self.names[-1]:
                x = np.maximum(x, 0.0)
        return x

    def backward(self, slope, gradients):
        for name, x in zip(reversed(self.names), reversed(self.inputs)):
            gradients[f"{name}.weight"], gradients[f"{name}.bias"] = x.T @ slope, slope.sum(axis=0)
            slope = slope @ self.weights[f"{name}.weight"].T
            if name != self.names[0]:
                slope = slope * (x > 0.0)
        return slope


def networks(weights):
    return (
        Network(weights, "encoder", len(HIDDEN)),
        Network(weights, "decoder", len(HIDDEN)),
        Network(weights, "discriminator.network", len(DISCRIMINATOR)),
    )


def reconstruction(weights, images, noise):
    """The squared error per pixel, and its gradients."""
    encoder, decoder, _ = networks(weights)
    outputs = sigmoid(decoder.forward(encoder.forward(images) + DEVIATION * noise))
    gradients = {}
    slope = 2.0 * (outputs - images) / images.size * outputs * (1.0 - outputs)
    encoder.backward(decoder.backward(slope, gradients), gradients)
    return ((outputs - images) ** 2).mean(), gradients


def discrimination(weights, codes, draws, classes):
    """The cross-entropy of telling draws from codes, and its gradients in the discriminator."""
    _, _, discriminator = networks(weights)
    logits = discriminator.forward(np.hstack([np.vstack([draws, codes]), np.vstack([classes, classes])]))
    targets = np.vstack([np.ones((BATCH, 1)), np.zeros((BATCH, 1))])
    gradients = {}
    discriminator.backward((sigmoid(logits) - targets) / (2 * BATCH), gradients)
    return (np.logaddexp(0.0, logits) - targets * logits).mean(), gradients


def generation(weights, images, noise, classes):
    """-log D of the codes, and its gradients, those in the discriminator too."""
    encoder, _, discriminator = networks(weights)
    codes = encoder.forward(images) + DEVIATION * noise
    logits = discriminator.forward(np.hstack([codes, classes]))
    gradients = {}
    slope = discriminator.backward((sigmoid(logits) - 1.0) / BATCH, gradients)
    encoder.backward(slope[:, :CODE], gradients)
    return np.logaddexp(0.0, -logits).mean(), gradients


def codes(weights, images, noise):
    return networks(weights)[0].forward(images) + DEVIATION * noise


def adam(weights, gradients, parts, rate, epsilon=1e-8):
    """The first step of Adam: the moments with their bias corrected are the gradient and its square."""
    stepped = {name for name in gradients if name.startswith(parts)}
    return {
        name: weight - rate * gradients[name] / (np.abs(gradients[name]) + epsilon) if name in stepped else weight
        for name, weight in weights.items()
    }


def check(loss, weights, parts, step=1e-6):
    """The gradients in `parts` are the slopes of differences."""
    _, gradients = loss(weights)
    for name, weight in weights.items():
        if not name.startswith(parts):
            continue
        for index in np.ndindex(weight.shape):
            sides = []
            for sign in (1.0, -1.0):
                moved = {other: value.copy() for other, value in weights.items()}
                moved[name][index] += sign * step
                sides.append(loss(moved)[0])
            difference = (sides[0] - sides[1]) / (2.0 * step)
            assert abs(difference - gradients[name][index]) < 1e-7, (name, index, difference, gradients[name][index])


def layers(rng, sizes, name):
    names = [f"{name}.hidden.layers.{index}" for index in range(len(sizes) - 2)] + [f"{name}.output"]
    weights = {}
    for layer, inputs, outputs in zip(names, sizes, sizes[1:]):
        weights[f"{layer}.weight"] = numbers(rng, inputs, outputs)
        weights[f"{layer}.bias"] = numbers(rng, outputs)
    return weights


def tensor(value):
    return {"shape": list(value.shape), "values": value.ravel().tolist()}


def tensors(values):
    return {name: tensor(value) for name, value in values.items()}


def write(file, content):
    (Path(__file__).parent / file).write_text(json.dumps(content, indent=1) + "\n")


def mixture(classes, along, across):
    """Draws from the mixture: radius 2, standard deviations 0.6 outwards and 0.2 across."""
    angles = 2.0 * np.pi * classes / CLASSES
    radius, side = (2.0 + 0.6 * along)[:, None], (0.2 * across)[:, None]
    return radius * np.stack([np.cos(angles), np.sin(angles)], 1) + side * np.stack([-np.sin(angles), np.cos(angles)], 1)


def losses(rng):
    weights = {
        **layers(rng, [INPUT, *HIDDEN, CODE], "encoder"),
        **layers(rng, [CODE, *reversed(HIDDEN), INPUT], "decoder"),
        **layers(rng, [CODE + CLASSES, *DISCRIMINATOR, 1], "discriminator.network"),
    }
    images = np.round(rng.uniform(0.0, 1.0, (BATCH, INPUT)), 3)
    noise = numbers(rng, BATCH, CODE)
    along, across = numbers(rng, BATCH), numbers(rng, BATCH)
    classes = np.eye(CLASSES)[LABELS]
    draws = mixture(np.array(LABELS), along, across)

    fake = codes(weights, images, noise)
    check(lambda moved: reconstruction(moved, images, noise), weights, ("encoder", "decoder"))
    check(lambda moved: discrimination(moved, fake, draws, classes), weights, ("discriminator",))
    check(lambda moved: generation(moved, images, noise, classes), weights, ("encoder", "discriminator"))
    parts = {
        "squared_error": reconstruction(weights, images, noise),
        "discriminator": discrimination(weights, fake, draws, classes),
        "generator": generation(weights, images, noise, classes),
    }

    # The encoder learns against the discriminator as that is after its step.
    stepped = adam(weights, parts["discriminator"][1], ("discriminator",), RATE * DISCRIMINATOR_RATE)
    generator, against = generation(stepped, images, noise, classes)
    gradients = dict(parts["squared_error"][1])
    for name in gradients:
        if name.startswith("encoder"):
            gradients[name] = gradients[name] + WEIGHT * GROWTH**PROGRESS * against[name]
    stepped = adam(stepped, gradients, ("encoder", "decoder"), RATE)
    values = {name: value for name, (value, _) in parts.items()} | {"generator": generator}
    write("adversarial.json", {
        "config": {
            "input": INPUT, "hidden": HIDDEN, "code": CODE, "discriminator": DISCRIMINATOR, "prior": "mixture", "has_labels": True,
            "code_deviation": DEVIATION, "discriminator_rate": DISCRIMINATOR_RATE, "adversarial_weight": WEIGHT,
            "adversarial_growth": GROWTH,
        },
        "progress": PROGRESS,
        "learning_rate": RATE,
        "labels": LABELS,
        "input": tensor(images),
        # In the order in which a step asks for them; the second draws classes where they are not known, and goes unused here.
        "draws": [value.ravel().tolist() for value in (noise, np.zeros(BATCH), along, across)],
        "weights": tensors(weights),
        "parts": {name: value for name, (value, _) in parts.items()},
        "gradients": {name: tensors(gradients) for name, (_, gradients) in parts.items()},
        "step": {"parts": values, "weights": tensors(stepped)},
    })


def energy_distance(a, b):
    """2 E|a - b| - E|a - a'| - E|b - b'|, all pairs of each set among them those of a point with itself."""
    mean = lambda x, y: np.linalg.norm(x[:, None, :] - y[None, :, :], axis=2).mean()
    return 2.0 * mean(a, b) - mean(a, a) - mean(b, b)


def energy(rng):
    a, b = numbers(rng, 7, 3), numbers(rng, 5, 3) + 0.5
    write("energy_distance.json", {"a": tensor(a), "b": tensor(b), "energy_distance": energy_distance(a, b)})


if __name__ == "__main__":
    rng = np.random.default_rng(20151118)
    losses(rng)
    energy(rng)
