"""The sparse autoencoder (A. Ng, 2011): many numbers in a code, of which few are active.

    pip install numpy packaging safetensors torch
    python sparse.py

Beside it lie the weights, sparse.safetensors, and MNIST's train-images-idx3-ubyte.gz.

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
SPARSITY = 0.08  # {/model/sparsity}
SPARSITY_WEIGHT = 0.003  # {/model/sparsity_weight}
DECODER_L2 = 0.000015  # {/model/decoder_l2}
RECONSTRUCTION = "cross_entropy"  # {/model/reconstruction}
BATCH = 500  # {/recipe/batch}
LEARNING_RATE = 0.01  # {/recipe/learning_rate}
EPOCHS = 60  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class Sparse(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, CODE)
        self.output = nn.Linear(CODE, INPUT)

    def encode(self, images):
        return torch.sigmoid(self.encoder(images))

    def decode(self, codes):
        return torch.sigmoid(self.output(codes)) if RECONSTRUCTION == "cross_entropy" else self.output(codes)

    def divergence(self, codes):
        """KL between the activation wanted, p, and each unit's mean over the batch, q, summed over the units."""
        p, q = torch.tensor(SPARSITY), codes.mean(dim=0).clamp(1e-6, 1 - 1e-6)
        return (p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log()).sum()

    def loss(self, images):
        codes = self.encode(images)
        reconstruction = F.binary_cross_entropy_with_logits if RECONSTRUCTION == "cross_entropy" else F.mse_loss
        decay = DECODER_L2 / 2 * self.output.weight.square().sum()
        return reconstruction(self.output(codes), images) + SPARSITY_WEIGHT * self.divergence(codes) + decay


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
    model = Sparse()
    model.load_state_dict(transposed(load_file("sparse.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("sparse.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "sparse_trained.safetensors", metadata)
