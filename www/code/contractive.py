"""The contractive autoencoder (S. Rifai et al., 2011): a code that changes little where the image changes a little.

    pip install numpy packaging safetensors torch
    python contractive.py

Beside it lie the weights, contractive.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
CODE = 1000  # {/model/code}
CONTRACTION = 0.0005  # {/model/contraction}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.01  # {/recipe/learning_rate}
EPOCHS = 30  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class Contractive(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, CODE)
        self.output_bias = nn.Parameter(torch.zeros(INPUT))

    def encode(self, images):
        return torch.sigmoid(self.encoder(images))

    def logits(self, codes):
        """The decoder's weights are the encoder's, transposed."""
        return codes @ self.encoder.weight + self.output_bias

    def decode(self, codes):
        return torch.sigmoid(self.logits(codes))

    def squared_jacobian_norm(self, codes):
        """The sum of the squares of all dh_j / dx_i, for each image: dh_j / dx_i is h_j (1 - h_j) W_ji."""
        squared_weights = self.encoder.weight.square().sum(dim=1)
        return ((codes * (1 - codes)).square() * squared_weights).sum(dim=1)

    def loss(self, images):
        """Nats per image, and the weighted penalty."""
        codes = self.encode(images)
        pixels = F.binary_cross_entropy_with_logits(self.logits(codes), images, reduction="none")
        return pixels.sum(dim=1).mean() + CONTRACTION * self.squared_jacobian_norm(codes).mean()


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
            loss = model.loss(batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Contractive()
    model.load_state_dict(transposed(load_file("contractive.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("contractive.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "contractive_trained.safetensors", metadata)
