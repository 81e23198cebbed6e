"""Losses and gradients of small models in float64, by hand-written backpropagation: what tests/losses.rs compares with.

    pip install numpy && python tests/reference/reference.py

writes a JSON file for each loss beside itself. Each gradient is checked here against central differences.
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


def variational(weights, input, target, epsilon, posterior_scale="log_variance", kl_weight=1.0, binarises=False):
    """Kingma & Welling 2014, eq. 10 with one sample: ({part: nats per image}, gradients of their sum)."""
    assert not binarises
    encoder, decoder = stack(weights, "encoder", len(HIDDEN)), stack(weights, "decoder", len(HIDDEN))
    mean_layer, spread_layer = Layer(weights, "mean", False), Layer(weights, posterior_scale, False)
    logits_layer = Layer(weights, "logits", False)

    hidden = forward(encoder, input)
    mean, spread = mean_layer.forward(hidden), spread_layer.forward(hidden)
    if posterior_scale == "log_variance":
        sigma, sigma_slope = np.exp(0.5 * spread), 0.5 * np.exp(0.5 * spread)
        log_variance, log_slope = spread, 1.0
    else:
        sigma, sigma_slope = spread, 1.0
        log_variance, log_slope = np.log(1e-10 + sigma**2), 2.0 * sigma / (1e-10 + sigma**2)
    logits = logits_layer.forward(forward(decoder, mean + sigma * epsilon))
    pixels = np.logaddexp(0.0, logits) - target * logits
    parts = {
        "cross_entropy": pixels.sum(axis=1).mean(),
        "kl_divergence": kl_weight * 0.5 * (sigma**2 + mean**2 - 1.0 - log_variance).sum(axis=1).mean(),
    }

    gradients = {}
    slope = (sigmoid(logits) - target) / len(input)
    slope = backward(decoder, logits_layer.backward(slope, gradients), gradients)
    mean_slope = slope + kl_weight * mean / len(input)
    spread_slope = slope * epsilon * sigma_slope
    spread_slope = spread_slope + kl_weight * 0.5 * (2.0 * sigma * sigma_slope - log_slope) / len(input)
    hidden_slope = mean_layer.backward(mean_slope, gradients) + spread_layer.backward(spread_slope, gradients)
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


def rebuilt(reconstruction, outputs, target):
    """A reconstruction's error per pixel, `{part: value}`, and its slope along `outputs`."""
    if reconstruction == "cross_entropy":
        value = np.logaddexp(0.0, outputs) - target * outputs
        return {"cross_entropy": value.mean()}, (sigmoid(outputs) - target) / target.size
    return {"squared_error": ((outputs - target) ** 2).mean()}, 2.0 * (outputs - target) / target.size


def linear_autoencoder(weights, input, target, epsilon):
    """The squared error per pixel without activations (Baldi & Hornik 1989), and its gradients."""
    layers = [Layer(weights, "encoder", False), Layer(weights, "decoder", False)]
    parts, slope = rebuilt("squared_error", forward(layers, input), target)
    gradients = {}
    backward(layers, slope, gradients)
    return parts, gradients


def stacked(weights, input, target, epsilon, l2, reconstruction):
    """The error per pixel and l2 times half the sum of the squared weights, and their gradients."""
    layers = stack(weights, "encoder", len(HIDDEN) + 1) + stack(weights, "decoder", len(HIDDEN))
    layers.append(Layer(weights, "output", False))
    parts, slope = rebuilt(reconstruction, forward(layers, input), target)
    gradients = {}
    backward(layers, slope, gradients)
    return {**parts, **decay(weights, l2, gradients)}, gradients


def deep(weights, input, target, epsilon, reconstruction):
    """The error per pixel with a code layer that is linear (Hinton & Salakhutdinov 2006), and its gradients."""
    layers = [*stack(weights, "encoder", len(HIDDEN)), Layer(weights, "code", False)]
    layers += [*stack(weights, "decoder", len(HIDDEN)), Layer(weights, "output", False)]
    parts, slope = rebuilt(reconstruction, forward(layers, input), target)
    gradients = {}
    backward(layers, slope, gradients)
    return parts, gradients


def tied(weights, input, target, epsilon, l2, reconstruction):
    """As `stacked`, the decoder's weights being the encoder's, transposed: theirs is the sum of both gradients."""
    encoder = stack(weights, "encoder", len(HIDDEN) + 1)
    both = dict(weights)
    for index, layer in enumerate(reversed(encoder)):
        both[f"decoder.{index}.weight"], both[f"decoder.{index}.bias"] = layer.weight.T, weights[f"biases.{index}"]
    decoder = [Layer(both, f"decoder.{index}", index < len(HIDDEN)) for index in range(len(encoder))]
    parts, slope = rebuilt(reconstruction, forward(decoder, forward(encoder, input)), target)
    gradients, mirrored = {}, {}
    backward(encoder, backward(decoder, slope, mirrored), gradients)
    for index, layer in enumerate(reversed(encoder)):
        gradients[f"{layer.name}.weight"] += mirrored[f"decoder.{index}.weight"].T
        gradients[f"biases.{index}"] = mirrored[f"decoder.{index}.bias"]
    return {**parts, **decay(weights, l2, gradients)}, gradients


def decay(weights, l2, gradients):
    """The part "l2" of a loss; its gradients are added."""
    if l2 == 0.0:
        return {}
    matrices = {name: value for name, value in weights.items() if name.endswith(".weight")}
    for name, value in matrices.items():
        gradients[name] = gradients[name] + l2 * value
    return {"l2": l2 * sum((value**2).sum() / 2.0 for value in matrices.values())}


def sparse(weights, input, target, epsilon, sparsity, sparsity_weight, decoder_l2, reconstruction):
    """The error per pixel, the weighted divergence of the mean activations (Ng 2011, section 3) and half the sum of the decoder's
    squared weights, weighted, and their gradients."""
    encoder, output = Layer(weights, "encoder", False), Layer(weights, "output", False)
    codes = sigmoid(encoder.forward(input))
    parts, slope = rebuilt(reconstruction, output.forward(codes), target)
    p, q = sparsity, codes.mean(axis=0)
    parts["sparsity"] = sparsity_weight * (p * np.log(p / q) + (1.0 - p) * np.log((1.0 - p) / (1.0 - q))).sum()
    gradients = {}
    slope = output.backward(slope, gradients)
    slope = slope + sparsity_weight * ((1.0 - p) / (1.0 - q) - p / q) / len(input)
    encoder.backward(slope * codes * (1.0 - codes), gradients)
    matrix = {"output.weight": weights["output.weight"]}
    return {**parts, **decay(matrix, decoder_l2, gradients)}, gradients


def contractive(weights, input, target, epsilon, contraction):
    """The cross-entropy in nats per image, and the weighted squared norm of the Jacobian of the code (Rifai et al. 2011, eq. 3), summed
    over all its numbers one by one, with their gradients. The decoder's weights are the encoder's, transposed."""
    encoder = Layer(weights, "encoder", False)
    codes = sigmoid(encoder.forward(input))
    logits = codes @ encoder.weight.T + weights["output_bias"]
    slopes = codes * (1.0 - codes)
    jacobians = slopes[:, None, :] * encoder.weight[None, :, :]  # [batch, input, code]
    parts = {
        "cross_entropy": (np.logaddexp(0.0, logits) - target * logits).sum(axis=1).mean(),
        "contraction": contraction * (jacobians**2).sum(axis=(1, 2)).mean(),
    }
    logits_slope = (sigmoid(logits) - target) / len(input)
    jacobian_slope = 2.0 * contraction * jacobians / len(input)
    # Along the slopes h (1 - h), whose own slope along h is 1 - 2 h.
    along_slopes = (jacobian_slope * encoder.weight[None, :, :]).sum(axis=1)
    codes_slope = logits_slope @ encoder.weight + along_slopes * (1.0 - 2.0 * codes)
    gradients = {"output_bias": logits_slope.sum(axis=0)}
    encoder.backward(codes_slope * slopes, gradients)
    gradients["encoder.weight"] += logits_slope.T @ codes + (jacobian_slope * slopes[:, None, :]).sum(axis=0)
    return parts, gradients


def winner_take_all(weights, input, target, epsilon, lifetime_sparsity):
    """The squared error per pixel by the winners alone (Makhzani & Frey 2015, section 2), and its gradients, which go through the winners
    alone. The decoder's weights are the encoder's, transposed."""
    encoder = Layer(weights, "encoder", False)
    affine = encoder.forward(input)
    codes = np.maximum(affine, 0.0)
    winners = round(lifetime_sparsity * len(input))
    mask = np.zeros_like(codes)
    for unit in range(codes.shape[1]):
        best = sorted(range(len(input)), key=lambda example: -codes[example, unit])
        mask[best[:winners], unit] = 1.0
    kept = codes * mask
    outputs = kept @ encoder.weight.T + weights["output_bias"]
    parts, slope = rebuilt("squared_error", outputs, target)
    gradients = {"output_bias": slope.sum(axis=0), "threshold": np.zeros_like(weights["threshold"])}
    encoder.backward((slope @ encoder.weight) * mask * (affine > 0.0), gradients)
    gradients["encoder.weight"] += slope.T @ kept
    return parts, gradients


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


def write(file, rng, loss, weights, config={"hidden": HIDDEN}, **options):
    """Writes the case of `loss` with `options`, which `config` repeats for the model with what else it needs."""
    target = np.round(rng.uniform(0.0, 1.0, (BATCH, INPUT)), 3)
    target[0, :2] = [0.0, 1.0]
    input = target if loss is not denoising else np.round(target + rng.normal(0.0, 0.5, target.shape), 3)
    epsilon = numbers(rng, BATCH, CODE)
    parts, gradients = loss(weights, input, target, epsilon, **options)
    check(lambda moved: loss(moved, input, target, epsilon, **options), weights, gradients)
    tensor = lambda value: {"shape": value.shape, "values": value.ravel().tolist()}
    content = {
        "config": {"input": INPUT, "code": CODE, **config, **options},
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
    encoder = lambda: layers(rng, [INPUT, *HIDDEN, CODE], "encoder")
    decoder = lambda: layers(rng, [CODE, *reversed(HIDDEN)], "decoder")
    head = lambda name: linear(rng, HIDDEN[-1], CODE, name)
    output = lambda name: linear(rng, HIDDEN[0], INPUT, name)
    write("variational.json", rng, variational, {
        **layers(rng, [INPUT, *HIDDEN], "encoder"), **head("mean"), **head("log_variance"), **decoder(), **output("logits"),
    }, posterior_scale="log_variance", kl_weight=1.0, binarises=False)
    write("denoising.json", rng, denoising, {**encoder(), **decoder(), **output("logits")})
    sigma = head("sigma")
    sigma["sigma.bias"] += 2.0  # Near 0 the loss is too steep for differences.
    write("variational_sigma.json", rng, variational, {
        **layers(rng, [INPUT, *HIDDEN], "encoder"), **head("mean"), **sigma, **decoder(), **output("logits"),
    }, posterior_scale="sigma", kl_weight=0.7, binarises=False)
    write("linear.json", rng, linear_autoencoder, {
        **linear(rng, INPUT, CODE, "encoder"), **linear(rng, CODE, INPUT, "decoder"),
    }, config={})
    write("stacked.json", rng, stacked, {
        **encoder(), **decoder(), **output("output"),
    }, l2=0.01, reconstruction="squared_error")
    write("deep.json", rng, deep, {
        **layers(rng, [INPUT, *HIDDEN], "encoder"), **head("code"), **decoder(), **output("output"),
    }, reconstruction="cross_entropy")
    write("tied.json", rng, tied, {
        **encoder(),
        **{f"biases.{index}": numbers(rng, width) for index, width in enumerate([*reversed(HIDDEN), INPUT])},
    }, l2=0.01, reconstruction="squared_error")
    for reconstruction, decoder_l2 in [("squared_error", 0.01), ("cross_entropy", 0.0)]:
        write(f"sparse_{reconstruction}.json", rng, sparse, {
            **linear(rng, INPUT, CODE, "encoder"), **linear(rng, CODE, INPUT, "output"),
        }, config={}, sparsity=0.1, sparsity_weight=0.2, decoder_l2=decoder_l2, reconstruction=reconstruction)
    write("contractive.json", rng, contractive, {
        **linear(rng, INPUT, CODE, "encoder"), "output_bias": numbers(rng, INPUT),
    }, config={}, contraction=0.3)
    write("winner_take_all.json", rng, winner_take_all, {
        **linear(rng, INPUT, CODE, "encoder"), "output_bias": numbers(rng, INPUT), "threshold": np.zeros(CODE),
    }, config={}, lifetime_sparsity=0.5)
