"""The linear autoencoder (P. Baldi, K. Hornik, 1989): principal components.

    pip install numpy packaging safetensors torch
    python linear.py

Beside it lie the weights, linear.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
CODE = 2  # {/model/code}
BATCH = 150  # {/recipe/batch}
LEARNING_RATE = 0.01  # {/recipe/learning_rate}
EPOCHS = 20  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class LinearAutoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, CODE)
        self.decoder = nn.Linear(CODE, INPUT)

    def encode(self, examples):
        return self.encoder(examples)

    def decode(self, codes):
        return self.decoder(codes)

    def loss(self, examples):
        return F.mse_loss(self.decode(self.encode(examples)), examples)


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def digits(path):
    """MNIST's images, [examples, 784] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, 784)[:EXAMPLES] / 255


def points():
    """Points about a tilted plane in space, [examples, 3]."""
    plane = torch.tensor([[1.0, 0.0, 0.1], [0.0, 1.0, 0.3]])
    return torch.randn(200, 2) @ plane + 0.1 * torch.randn(200, 3)


def train(model, images):
    adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for epoch in range(1, EPOCHS + 1):
        for batch in images[torch.randperm(len(images))].split(BATCH):
            loss = model.loss(batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = LinearAutoencoder()
    model.load_state_dict(transposed(load_file("linear.safetensors")))
    examples = points() if INPUT == 3 else digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(examples[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 examples: {F.mse_loss(rebuilt, examples[:10]).item():.5f}")

    train(model, examples)
    with safe_open("linear.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "linear_trained.safetensors", metadata)
