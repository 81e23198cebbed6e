"""The loss of each phase of a small convolutional autoencoder, its gradients and its layers, by PyTorch in float64: what
tests/convolutional.rs compares with; the loss of a small convolutional denoiser and its gradients: what tests/losses.rs does.

    pip install torch && python tests/reference/convolutional.py

writes convolutional.json and convolutional_denoising.json beside itself. Weights are as burn has them: those of linear layers [inputs, outputs], y = x W + b, those of
convolutions [outputs, inputs, height, width], those of transposed convolutions [inputs, outputs, height, width].
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

SIDE, OUTER_MAPS, INNER_MAPS, KERNEL, CODE, BATCH = 28, 2, 3, 3, 2, 2
INNER_SIDE = SIDE // 4
SHAPES = {
    "outer_encoder": [OUTER_MAPS, 1, KERNEL, KERNEL],
    "inner_encoder": [INNER_MAPS, OUTER_MAPS, KERNEL, KERNEL],
    "code_encoder": [INNER_MAPS * INNER_SIDE**2, CODE],
    "code_decoder": [CODE, INNER_MAPS * INNER_SIDE**2],
    "inner_decoder": [INNER_MAPS, OUTER_MAPS, 4, 4],
    "outer_decoder": [OUTER_MAPS, 1, 4, 4],
}
# The denoiser's convolutions halve the maps by a stride, down to 4 x 4.
DEEP_MAPS, DEEP_SIDE = 2, 4
DENOISER_SHAPES = {
    "outer_encoder": [OUTER_MAPS, 1, 6, 6],
    "inner_encoder": [INNER_MAPS, OUTER_MAPS, 4, 4],
    "deep_encoder": [DEEP_MAPS, INNER_MAPS, 3, 3],
    "code_encoder": [DEEP_MAPS, DEEP_MAPS, 3, 3],
    "code_decoder": [DEEP_MAPS, DEEP_MAPS, 3, 3],
    "deep_decoder": [DEEP_MAPS, INNER_MAPS, 3, 3],
    "inner_decoder": [INNER_MAPS, OUTER_MAPS, 4, 4],
    "outer_decoder": [OUTER_MAPS, 1, 4, 4],
}


def tensor(value):
    return {"shape": list(value.shape), "values": [float(f"{number:.8g}") for number in value.detach().flatten().tolist()]}


def numbers(*shape, scale=0.3):
    return (scale * torch.randn(*shape, dtype=torch.float64)).round(decimals=3)


def parameters(shapes, convolutions):
    """A convolution's outputs are counted first, those of all other layers second."""
    weights = {}
    for name, shape in shapes.items():
        weights[f"{name}.weight"] = numbers(*shape).requires_grad_()
        weights[f"{name}.bias"] = numbers(shape[0 if name in convolutions else 1]).requires_grad_()
    return weights


def gradients_of(loss, weights):
    """Of the parameters that the loss depends on."""
    gradients = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    return {name: tensor(gradient) for name, gradient in zip(weights, gradients) if gradient is not None}


class Layers:
    def __init__(self, weights):
        self.weights = weights

    def of(self, name):
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def affine(self, name, x):
        weight, bias = self.of(name)
        return x @ weight + bias

    def convolution(self, name, x):
        weight, bias = self.of(name)
        return F.elu(F.conv2d(x, weight, bias, padding=weight.shape[-1] // 2))

    def pooled(self, name, x):
        return F.max_pool2d(self.convolution(name, x), 2)

    def transposed(self, name, x):
        return F.conv_transpose2d(x, *self.of(name), stride=2, padding=1)


class Autoencoder(Layers):
    def encoded(self, images):
        """The outer and the inner maps."""
        outer = self.pooled("outer_encoder", images.view(-1, 1, SIDE, SIDE))
        return outer, self.pooled("inner_encoder", outer)

    def layers(self, images):
        """From the images to their reconstructions, each [batch, numbers]; and the logits."""
        outer, inner = self.encoded(images)
        codes = self.affine("code_encoder", inner.flatten(1))
        rebuilt_inner = F.elu(self.affine("code_decoder", codes)).view_as(inner)
        rebuilt_outer = F.elu(self.transposed("inner_decoder", rebuilt_inner))
        logits = self.transposed("outer_decoder", rebuilt_outer).flatten(1)
        maps = [images, outer, inner, codes, rebuilt_inner, rebuilt_outer, torch.sigmoid(logits)]
        return [layer.flatten(1) for layer in maps], logits

    def loss(self, phase, noisy, images):
        """Of all layers, or of those that learn in one of the phases 0, 1, 2."""
        noisy_outer, noisy_inner = [maps.detach() for maps in self.encoded(noisy)]
        outer, inner = [maps.detach() for maps in self.encoded(images)]
        if phase == 0:
            logits = self.transposed("outer_decoder", self.encoded(noisy)[0]).flatten(1)
            return F.binary_cross_entropy_with_logits(logits, images)
        if phase == 1:
            rebuilt = F.elu(self.transposed("inner_decoder", self.pooled("inner_encoder", noisy_outer)))
            return F.mse_loss(rebuilt, outer)
        if phase == 2:
            codes = self.affine("code_encoder", noisy_inner.flatten(1))
            return F.mse_loss(F.elu(self.affine("code_decoder", codes)), inner.flatten(1))
        return F.binary_cross_entropy_with_logits(self.layers(noisy)[1], images)


class Denoiser(Layers):
    def strided(self, name, x):
        weight, bias = self.of(name)
        return F.elu(F.conv2d(x, weight, bias, stride=2, padding=(weight.shape[-1] - 1) // 2))

    def loss(self, noisy, images):
        outer = self.strided("outer_encoder", noisy.view(-1, 1, SIDE, SIDE))
        deep = self.strided("deep_encoder", self.strided("inner_encoder", outer))
        assert deep.shape[-1] == DEEP_SIDE
        deep = self.convolution("code_decoder", self.convolution("code_encoder", deep))
        inner = F.elu(self.transposed("deep_decoder", deep))
        logits = self.transposed("outer_decoder", F.elu(self.transposed("inner_decoder", inner)))
        return F.binary_cross_entropy_with_logits(logits.flatten(1), images)


def write(name, content):
    (Path(__file__).parent / name).write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    torch.manual_seed(20110614)
    images = torch.rand(BATCH, SIDE * SIDE, dtype=torch.float64).round(decimals=3)
    noisy = images + numbers(BATCH, SIDE * SIDE)
    sizes = {"outer_maps": OUTER_MAPS, "inner_maps": INNER_MAPS}
    examples = {"input": tensor(noisy), "target": tensor(images)}

    weights = parameters(SHAPES, ["outer_encoder", "inner_encoder"])
    model = Autoencoder(weights)
    losses = [model.loss(phase, noisy, images) for phase in range(4)]
    write("convolutional.json", {
        "config": {**sizes, "code": CODE, "kernel": KERNEL, "order": "layer_by_layer"},
        **examples,
        "weights": {name: tensor(weight) for name, weight in weights.items()},
        "layers": [tensor(layer) for layer in model.layers(images)[0]],
        "phases": [{"loss": loss.item(), "gradients": gradients_of(loss, weights)} for loss in losses],
    })

    weights = parameters(DENOISER_SHAPES, ["outer_encoder", "inner_encoder", "deep_encoder", "code_encoder", "code_decoder"])
    loss = Denoiser(weights).loss(noisy, images)
    write("convolutional_denoising.json", {
        "config": {**sizes, "deep_maps": DEEP_MAPS},
        **examples,
        "epsilon": tensor(torch.zeros(0)),
        "weights": {name: tensor(weight) for name, weight in weights.items()},
        "parts": {"cross_entropy": loss.item()},
        "gradients": gradients_of(loss, weights),
    })
