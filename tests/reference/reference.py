"""Losses and gradients of small models in float64, by hand-written backpropagation: what tests/losses.rs compares with.

    pip install numpy && python tests/reference/reference.py

writes variational.json and denoising.json beside itself. Each gradient is checked here against central differences.
Weights are [inputs, outputs], y = x W + b, as burn has them.
"""

import json
from pathlib import Path

import numpy as np

INPUT, HIDDEN, CODE, BATCH = 6, [5, 4], 3, 4


def numbers(rng, *shape):
    return np.round(rng.normal(0.0, 0.6, shape), 3)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def elu_slope(x):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0.0)))


class Layer:
    """An affine layer of `weights` named `name`, perhaps with an ELU after it."""

    def __init__(self, weights, name, activate):
        self.weight, self.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        self.name, self.activate = name, activate

    def forward(self, x):
        self.x = x
        self.affine = x @ self.weight + self.bias
        return elu(self.affine) if self.activate else self.affine

    def backward(self, slope, gradients):
        if self.activate:
            slope = slope * elu_slope(self.affine)
        gradients[f"{self.name}.weight"] = self.x.T @ slope
        gradients[f"{self.name}.bias"] = slope.sum(axis=0)
        return slope @ self.weight.T


def stack(weights, name, count):
    return [Layer(weights, f"{name}.layers.{index}", True) for index in range(count)]


def forward(layers, x):
    for layer in layers:
        x = layer.forward(x)
    return x


def backward(layers, slope, gradients):
    for layer in reversed(layers):
        slope = layer.backward(slope, gradients)
    return slope


def variational(weights, input, target, epsilon):
    """Kingma & Welling 2014, eq. 10 with one sample: ({part: nats per image}, gradients of their sum)."""
    encoder, decoder = stack(weights, "encoder", len(HIDDEN)), stack(weights, "decoder", len(HIDDEN))
    mean_layer, variance_layer = Layer(weights, "mean", False), Layer(weights, "log_variance", False)
    logits_layer = Layer(weights, "logits", False)

    hidden = forward(encoder, input)
    mean, log_variance = mean_layer.forward(hidden), variance_layer.forward(hidden)
    sigma = np.exp(0.5 * log_variance)
    logits = logits_layer.forward(forward(decoder, mean + sigma * epsilon))
    pixels = np.logaddexp(0.0, logits) - target * logits
    parts = {
        "cross_entropy": pixels.sum(axis=1).mean(),
        "kl_divergence": 0.5 * (np.exp(log_variance) + mean**2 - 1.0 - log_variance).sum(axis=1).mean(),
    }

    gradients = {}
    slope = (sigmoid(logits) - target) / len(input)
    slope = backward(decoder, logits_layer.backward(slope, gradients), gradients)
    mean_slope = slope + mean / len(input)
    variance_slope = slope * epsilon * sigma * 0.5 + 0.5 * (np.exp(log_variance) - 1.0) / len(input)
    hidden_slope = mean_layer.backward(mean_slope, gradients) + variance_layer.backward(variance_slope, gradients)
    backward(encoder, hidden_slope, gradients)
    return parts, gradients


def denoising(weights, input, target, epsilon):
    """The cross-entropy per pixel (Vincent et al. 2010, eq. 4, over the number of pixels) and its gradients."""
    encoder, decoder = stack(weights, "encoder", len(HIDDEN) + 1), stack(weights, "decoder", len(HIDDEN))
    logits_layer = Layer(weights, "logits", False)
    logits = logits_layer.forward(forward(decoder, forward(encoder, input)))

    gradients = {}
    slope = (sigmoid(logits) - target) / target.size
    slope = backward(decoder, logits_layer.backward(slope, gradients), gradients)
    backward(encoder, slope, gradients)
    return {"cross_entropy": (np.logaddexp(0.0, logits) - target * logits).mean()}, gradients


def check(loss, weights, gradients, step=1e-6):
    for name, weight in weights.items():
        for index in np.ndindex(weight.shape):
            sides = []
            for sign in (1.0, -1.0):
                moved = {other: value.copy() for other, value in weights.items()}
                moved[name][index] += sign * step
                sides.append(sum(loss(moved)[0].values()))
            difference = (sides[0] - sides[1]) / (2.0 * step)
            assert abs(difference - gradients[name][index]) < 1e-7, (name, index, difference, gradients[name][index])


def layers(rng, sizes, name):
    weights = {}
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        weights[f"{name}.layers.{index}.weight"] = numbers(rng, inputs, outputs)
        weights[f"{name}.layers.{index}.bias"] = numbers(rng, outputs)
    return weights


def linear(rng, inputs, outputs, name):
    return {f"{name}.weight": numbers(rng, inputs, outputs), f"{name}.bias": numbers(rng, outputs)}


def write(file, rng, loss, weights):
    target = np.round(rng.uniform(0.0, 1.0, (BATCH, INPUT)), 3)
    target[0, :2] = [0.0, 1.0]
    input = target if loss is variational else np.round(target + rng.normal(0.0, 0.5, target.shape), 3)
    epsilon = numbers(rng, BATCH, CODE)
    parts, gradients = loss(weights, input, target, epsilon)
    check(lambda moved: loss(moved, input, target, epsilon), weights, gradients)
    tensor = lambda value: {"shape": value.shape, "values": value.ravel().tolist()}
    content = {
        "config": {"input": INPUT, "hidden": HIDDEN, "code": CODE},
        "input": tensor(input),
        "target": tensor(target),
        "epsilon": tensor(epsilon),
        "weights": {name: tensor(value) for name, value in weights.items()},
        "parts": parts,
        "gradients": {name: tensor(gradients[name]) for name in weights},
    }
    (Path(__file__).parent / file).write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    rng = np.random.default_rng(20140501)
    write("variational.json", rng, variational, {
        **layers(rng, [INPUT, *HIDDEN], "encoder"),
        **linear(rng, HIDDEN[-1], CODE, "mean"),
        **linear(rng, HIDDEN[-1], CODE, "log_variance"),
        **layers(rng, [CODE, *reversed(HIDDEN)], "decoder"),
        **linear(rng, HIDDEN[0], INPUT, "logits"),
    })
    write("denoising.json", rng, denoising, {
        **layers(rng, [INPUT, *HIDDEN, CODE], "encoder"),
        **layers(rng, [CODE, *reversed(HIDDEN)], "decoder"),
        **linear(rng, HIDDEN[0], INPUT, "logits"),
    })
