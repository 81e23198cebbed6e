"""The loss of a small convolutional winner-take-all autoencoder, its gradients, its layers in use and its features, by PyTorch in float64: what
tests/winner_take_all_convolutional.rs compares with.

    pip install torch && python tests/reference/winner_take_all_convolutional.py

writes winner_take_all_convolutional.json beside itself. The weights of convolutions are [outputs, inputs, height, width], those of the transposed
convolution [inputs, outputs, height, width].
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

SIDE, MAPS, KERNEL, BATCH, SPARSITY = 28, 3, 11, 4, 0.5
POOLING, POOLING_STRIDE, FEATURE_THRESHOLD, LEAST_BESIDE = 5, 3, 1, 0.1
# Of the images, so many are followed through the layers in use.
SHOWN = 2
SHAPES = {
    "encoder": [MAPS, 1, KERNEL, KERNEL],
    "decoder": [MAPS, 1, KERNEL, KERNEL],
}


def tensor(value):
    return {"shape": list(value.shape), "values": [float(f"{number:.8g}") for number in value.detach().flatten().tolist()]}


def numbers(*shape, scale=0.3):
    return (scale * torch.randn(*shape, dtype=torch.float64)).round(decimals=3)


def parameters():
    weights = {}
    for name, shape in SHAPES.items():
        weights[f"{name}.weight"] = numbers(*shape).requires_grad_()
        weights[f"{name}.bias"] = numbers(shape[1] if name == "decoder" else shape[0]).requires_grad_()
    return weights


class Autoencoder:
    def __init__(self, weights):
        self.weights = weights

    def of(self, name):
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def encoded(self, images):
        return F.relu(F.conv2d(images.view(-1, 1, SIDE, SIDE), *self.of("encoder"), padding=KERNEL // 2))

    def pixels(self, codes):
        return F.conv_transpose2d(codes, *self.of("decoder"), padding=KERNEL // 2).flatten(1)

    @staticmethod
    def only(codes, wins):
        """The numbers at places (image, map) where `wins`, each the largest of its map; 0 elsewhere. Maps are gone through one by one."""
        kept = torch.zeros_like(codes)
        for image, map in wins.nonzero().tolist():
            row, column = divmod(codes[image, map].argmax().item(), codes.shape[3])
            kept[image, map, row, column] = codes[image, map, row, column]
        return kept

    def trained(self, images):
        """Spatial and lifetime sparsity: the reconstructions in training, and each map's weakest winner."""
        codes = self.encoded(images)
        largest = codes.amax((2, 3))
        winners = largest.argsort(0, descending=True)[: round(SPARSITY * len(images))]
        wins = torch.zeros_like(largest, dtype=torch.bool).scatter(0, winners, True)
        return self.pixels(self.only(codes, wins)), largest.gather(0, winners)[-1]

    def loss(self, noisy, images):
        return F.mse_loss(self.trained(noisy)[0], images)

    def layers(self, images, thresholds):
        """In use, each [batch, numbers]: a map's largest number counts where it exceeds the map's threshold."""
        codes = self.encoded(images)
        winners = self.only(codes, codes.amax((2, 3)) > thresholds)
        return [layer.flatten(1) for layer in [images, codes, winners, self.pixels(winners)]]

    def features(self, images, thresholds):
        codes = self.encoded(images) / thresholds.view(-1, 1, 1)
        beside = codes.square().mean(1, keepdim=True).sqrt() + LEAST_BESIDE
        features = F.relu(F.max_pool2d(codes / beside, POOLING, POOLING_STRIDE) - FEATURE_THRESHOLD).flatten(1)
        return features / features.square().mean(1, keepdim=True).sqrt()


if __name__ == "__main__":
    torch.manual_seed(20150904)
    images = torch.rand(BATCH, SIDE * SIDE, dtype=torch.float64).round(decimals=3)
    noisy = (images + numbers(BATCH, SIDE * SIDE)).round(decimals=3)
    weights = parameters()
    model = Autoencoder(weights)
    loss = model.loss(noisy, images)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    weakest = model.trained(noisy)[1]
    thresholds = model.encoded(images).amax((2, 3)).median(0).values.detach().round(decimals=3)
    content = {
        "config": {"maps": MAPS, "lifetime_sparsity": SPARSITY},
        "input": tensor(noisy),
        "target": tensor(images),
        "weights": {name: tensor(weight) for name, weight in [*weights.items(), ("threshold", thresholds)]},
        "loss": loss.item(),
        "gradients": {name: tensor(gradient) for name, gradient in zip(weights, gradients)},
        "weakest": tensor(weakest),
        "layers": [tensor(layer) for layer in model.layers(images[:SHOWN], thresholds)],
        "features": tensor(model.features(images[:SHOWN], thresholds)),
    }
    (Path(__file__).parent / "winner_take_all_convolutional.json").write_text(json.dumps(content) + "\n")
