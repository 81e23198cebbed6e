"""The winner-take-all autoencoder (A. Makhzani and B. Frey, 2015): of a batch, each unit answers the images that activate it most.

    pip install numpy packaging safetensors torch
    python wta.py

Beside it lie the weights, wta.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
CODE = 2000  # {/model/code}
LIFETIME_SPARSITY = 0.05  # {/model/lifetime_sparsity}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 30  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class WinnerTakeAll(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, CODE)
        nn.init.normal_(self.encoder.weight, std=0.01)
        nn.init.zeros_(self.encoder.bias)
        self.output_bias = nn.Parameter(torch.zeros(INPUT))
        # What an activation must exceed to count where there is no batch: the running mean of each unit's weakest winner.
        self.threshold = nn.Parameter(torch.zeros(CODE), requires_grad=False)

    def encode(self, images):
        return F.relu(self.encoder(images))

    def pixels(self, codes):
        """The decoder's weights are the encoder's, transposed."""
        return codes @ self.encoder.weight + self.output_bias

    def decode(self, codes):
        return self.pixels(codes * (codes > self.threshold))

    def winners(self, codes):
        """The largest activations of each unit over the batch, as a mask of zeros and ones, and the weakest of them."""
        # Python's own round would take 2.5 to 2.
        count = max(1, int(LIFETIME_SPARSITY * len(codes) + 0.5))
        largest, rows = codes.detach().topk(count, dim=0)
        return torch.zeros_like(codes).scatter(0, rows, 1.0), largest[-1]

    def loss(self, images):
        codes = self.encode(images)
        mask, _ = self.winners(codes)
        return F.mse_loss(self.pixels(codes * mask), images)

    @torch.no_grad()
    def follow(self, weakest):
        self.threshold.mul_(0.9).add_(0.1 * weakest)


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
            _, weakest = model.winners(model.encode(batch).detach())
            loss = model.loss(batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
            model.follow(weakest)
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = WinnerTakeAll()
    model.load_state_dict(transposed(load_file("wta.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("wta.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "wta_trained.safetensors", metadata)
