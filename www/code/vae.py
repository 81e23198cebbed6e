"""The variational autoencoder (D. P. Kingma, M. Welling, 2014).

    pip install numpy packaging safetensors torch
    python vae.py

Beside it lie the weights, vae.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [500, 500]  # {/model/hidden}
CODE = 20  # {/model/code}
# What the layer beside the mean gives: log_variance or sigma.
POSTERIOR_SCALE = "log_variance"  # {/model/posterior_scale}
KL_WEIGHT = 1.0  # {/model/kl_weight}
# Whether each pixel is drawn as 0 or 1 in every step, its brightness being the probability of 1.
BINARISES = False  # {/model/binarises}
BATCH = 150  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 60  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class Mlp(nn.Module):
    """Affine layers, each followed by an ELU."""

    def __init__(self, *widths):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers:
            x = F.elu(layer(x))
        return x


class Variational(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Mlp(INPUT, *HIDDEN)
        self.mean = nn.Linear(HIDDEN[-1], CODE)
        self.add_module(POSTERIOR_SCALE, nn.Linear(HIDDEN[-1], CODE))
        self.decoder = Mlp(CODE, *reversed(HIDDEN))
        self.logits = nn.Linear(HIDDEN[0], INPUT)

    def posterior(self, images):
        """The mean and the standard deviation of q(z | x), both [batch, CODE]."""
        hidden = self.encoder(images)
        if POSTERIOR_SCALE == "log_variance":
            return self.mean(hidden), (self.log_variance(hidden) / 2).exp()
        return self.mean(hidden), self.sigma(hidden)

    def encode(self, images):
        return self.posterior(images)[0]

    def decode(self, codes):
        return torch.sigmoid(self.logits(self.decoder(codes)))

    def loss(self, images, epsilon):
        """The negative evidence lower bound in nats per image; epsilon is drawn from N(0, 1), [batch, CODE]."""
        mean, sigma = self.posterior(images)
        logits = self.logits(self.decoder(mean + sigma * epsilon))
        pixels = F.binary_cross_entropy_with_logits(logits, images, reduction="none").sum(dim=1)
        variance = sigma.square()
        divergence = (variance + mean.square() - 1 - (variance + 1e-10).log()).sum(dim=1) / 2
        return (pixels + KL_WEIGHT * divergence).mean()


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def digits(path):
    """MNIST's images, [examples, INPUT] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, INPUT)[:EXAMPLES] / 255


def train(model, images):
    adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for epoch in range(1, EPOCHS + 1):
        for batch in images[torch.randperm(len(images))].split(BATCH):
            if BINARISES:
                batch = torch.bernoulli(batch)
            loss = model.loss(batch, torch.randn(len(batch), CODE))
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Variational()
    model.load_state_dict(transposed(load_file("vae.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("vae.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "vae_trained.safetensors", metadata)
