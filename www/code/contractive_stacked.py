"""The stacked contractive autoencoder, and the walk that draws images by the Jacobian of its encoder (S. Rifai et al., 2012).

    pip install numpy packaging safetensors torch
    python contractive_stacked.py

Beside it lie the weights, contractive_stacked.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine in each phase.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = 400  # {/model/hidden}
CODE = 400  # {/model/code}
CONTRACTION = 0.1  # {/model/contraction}
# Standard deviation of the noise of the walk.
WALK_SIGMA = 1.2  # {/model/walk_sigma}
# Steps of the walk from each image in the last phase of training; 0 leaves it out.
WALKBACK = 3  # {/model/walkback}
# Standard deviation of the noise of those steps.
WALKBACK_SIGMA = 0.6  # {/model/walkback_sigma}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.003  # {/recipe/learning_rate}
EPOCHS = 6  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


def cross_entropy(logits, targets):
    """Nats per row, the mean over the rows."""
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(dim=1).mean()


class Layer(nn.Module):
    """A contractive autoencoder: h = sigmoid(x W^T + b), and back by the same weights."""

    def __init__(self, inputs, codes):
        super().__init__()
        self.encoder = nn.Linear(inputs, codes)
        self.output_bias = nn.Parameter(torch.zeros(inputs))

    def encode(self, inputs):
        return torch.sigmoid(self.encoder(inputs))

    def logits(self, codes):
        return codes @ self.encoder.weight + self.output_bias

    def decode(self, codes):
        return torch.sigmoid(self.logits(codes))

    def times(self, codes, vectors):
        """J v where the codes are h: dh_j / dx_i is h_j (1 - h_j) W_ji."""
        return codes * (1 - codes) * (vectors @ self.encoder.weight.T)

    def transposed_times(self, codes, vectors):
        """J^T u."""
        return (codes * (1 - codes) * vectors) @ self.encoder.weight

    def squared_jacobian_norm(self, codes):
        return ((codes * (1 - codes)).square() * self.encoder.weight.square().sum(dim=1)).sum(dim=1)

    def loss(self, inputs):
        codes = self.encode(inputs)
        return cross_entropy(self.logits(codes), inputs) + CONTRACTION * self.squared_jacobian_norm(codes).mean()


class ContractiveStacked(nn.Module):
    def __init__(self):
        super().__init__()
        self.outer = Layer(INPUT, HIDDEN)
        self.inner = Layer(HIDDEN, CODE)

    def encode(self, images):
        return self.inner.encode(self.outer.encode(images))

    def logits(self, codes):
        return self.outer.logits(self.inner.decode(codes))

    def decode(self, codes):
        return torch.sigmoid(self.logits(codes))

    def step(self, images, noise):
        """The logits of the pixels at h + J J^T e, e being the noise and J = J_inner J_outer the Jacobian of the code h."""
        outer = self.outer.encode(images)
        codes = self.inner.encode(outer)
        direction = self.outer.transposed_times(outer, self.inner.transposed_times(codes, noise))
        return self.logits(codes + self.inner.times(codes, self.outer.times(outer, direction)))

    def loss(self, images, phase, before=None):
        """Nats per image, and the weighted penalty; the noise `before` of the walk is from N(0, 1), [WALKBACK, batch, CODE]."""
        if phase == "outer":
            return self.outer.loss(images)
        outer = self.outer.encode(images)
        if phase == "inner":
            # The outer layer is frozen: the inner one learns from its codes.
            return self.inner.loss(outer.detach())
        state, nats = images, []
        for noise in before:
            logits = self.step(state, WALKBACK_SIGMA * noise)
            nats.append(cross_entropy(logits, images))
            state = torch.sigmoid(logits.detach())
        inner = self.inner.encode(outer)
        norms = self.outer.squared_jacobian_norm(outer) + self.inner.squared_jacobian_norm(inner)
        return torch.stack(nats).mean() + CONTRACTION * norms.mean()

    @torch.no_grad()
    def walk(self, images, steps):
        """The images after so many steps from each."""
        for _ in range(steps):
            images = torch.sigmoid(self.step(images, WALK_SIGMA * torch.randn(len(images), CODE)))
        return images


def phases():
    return ["outer", "inner", "joint"] if WALKBACK > 0 else ["outer", "inner"]


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def digits(path):
    """MNIST's images, [examples, INPUT] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, INPUT)[:EXAMPLES] / 255


def train(model, images):
    for phase in phases():
        adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
        for epoch in range(1, EPOCHS + 1):
            for batch in images[torch.randperm(len(images))].split(BATCH):
                loss = model.loss(batch, phase, torch.randn(WALKBACK, len(batch), CODE))
                adam.zero_grad()
                loss.backward()
                adam.step()
            print(f"{phase}, epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = ContractiveStacked()
    model.load_state_dict(transposed(load_file("contractive_stacked.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")
    print(f"ten images after 20 steps of the walk: {list(model.walk(images[:10], 20).shape)}")

    train(model, images)
    with safe_open("contractive_stacked.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "contractive_stacked_trained.safetensors", metadata)
