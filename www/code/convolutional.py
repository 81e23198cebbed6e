"""The stacked convolutional autoencoder (J. Masci et al., 2011), with a fully connected layer for the code.

    pip install numpy packaging safetensors torch
    python convolutional.py

Beside it lie the weights, convolutional.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

SIDE = 28
OUTER_MAPS = 16  # {/model/outer_maps}
INNER_MAPS = 32  # {/model/inner_maps}
KERNEL = 3  # {/model/kernel}
CODE = 150  # {/model/code}
# "joint": all layers at once; "layer_by_layer": the outer, the inner, those about the code, then all.
ORDER = "joint"  # {/model/order}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.002  # {/recipe/learning_rate}
EPOCHS = 60  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner_shape = (INNER_MAPS, SIDE // 4, SIDE // 4)
        inner = INNER_MAPS * (SIDE // 4) ** 2
        self.outer_encoder = nn.Conv2d(1, OUTER_MAPS, KERNEL, padding="same")
        self.inner_encoder = nn.Conv2d(OUTER_MAPS, INNER_MAPS, KERNEL, padding="same")
        self.code_encoder = nn.Linear(inner, CODE)
        self.code_decoder = nn.Linear(CODE, inner)
        self.inner_decoder = nn.ConvTranspose2d(INNER_MAPS, OUTER_MAPS, 4, stride=2, padding=1)
        self.outer_decoder = nn.ConvTranspose2d(OUTER_MAPS, 1, 4, stride=2, padding=1)

    def outer_maps(self, images):
        return F.elu(F.max_pool2d(self.outer_encoder(images.view(-1, 1, SIDE, SIDE)), 2))

    def inner_maps(self, outer):
        return F.elu(F.max_pool2d(self.inner_encoder(outer), 2))

    def codes(self, inner):
        return self.code_encoder(inner.flatten(1))

    def rebuilt_inner(self, codes):
        return F.elu(self.code_decoder(codes)).unflatten(1, self.inner_shape)

    def rebuilt_outer(self, inner):
        return F.elu(self.inner_decoder(inner))

    def logits(self, outer):
        return self.outer_decoder(outer).flatten(1)

    def encode(self, images):
        return self.codes(self.inner_maps(self.outer_maps(images)))

    def decode(self, codes):
        return torch.sigmoid(self.logits(self.rebuilt_outer(self.rebuilt_inner(codes))))

    def loss(self, images, phase):
        """The cross-entropy of the pixels, or the squared error of the maps that the phase rebuilds."""
        if phase == "outer":
            return F.binary_cross_entropy_with_logits(self.logits(self.outer_maps(images)), images)
        if phase == "inner":
            outer = self.outer_maps(images).detach()
            return F.mse_loss(self.rebuilt_outer(self.inner_maps(outer)), outer)
        if phase == "code":
            inner = self.inner_maps(self.outer_maps(images)).detach()
            return F.mse_loss(self.rebuilt_inner(self.codes(inner)), inner)
        outer = self.rebuilt_outer(self.rebuilt_inner(self.encode(images)))
        return F.binary_cross_entropy_with_logits(self.logits(outer), images)


def phases():
    return ["joint"] if ORDER == "joint" else ["outer", "inner", "code", "joint"]


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]; convolutions as PyTorch does."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def digits(path):
    """MNIST's images, [examples, 784] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, SIDE * SIDE)[:EXAMPLES] / 255


def train(model, images):
    for phase in phases():
        adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
        for epoch in range(1, EPOCHS + 1):
            for batch in images[torch.randperm(len(images))].split(BATCH):
                loss = model.loss(batch, phase)
                adam.zero_grad()
                loss.backward()
                adam.step()
            print(f"{phase}, epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Convolutional()
    model.load_state_dict(transposed(load_file("convolutional.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("convolutional.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "convolutional_trained.safetensors", metadata)
