"""The stacked autoencoder with tied weights: the decoder's are the encoder's, transposed.

    pip install numpy packaging safetensors torch
    python tied.py

Beside it lie the weights, tied.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [300]  # {/model/hidden}
CODE = 150  # {/model/code}
L2 = 0.0  # {/model/l2}
RECONSTRUCTION = "cross_entropy"  # {/model/reconstruction}
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


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Mlp(INPUT, *HIDDEN, CODE)
        self.biases = nn.ParameterList(torch.zeros(width) for width in [*reversed(HIDDEN), INPUT])

    def outputs(self, codes):
        x = codes
        for i, (layer, bias) in enumerate(zip(reversed(self.encoder.layers), self.biases)):
            x = F.linear(F.elu(x) if i > 0 else x, layer.weight.T, bias)
        return x

    def encode(self, images):
        return self.encoder(images)

    def decode(self, codes):
        outputs = self.outputs(codes)
        return torch.sigmoid(outputs) if RECONSTRUCTION == "cross_entropy" else outputs

    def loss(self, images):
        reconstruction = F.binary_cross_entropy_with_logits if RECONSTRUCTION == "cross_entropy" else F.mse_loss
        decay = L2 / 2 * sum(layer.weight.square().sum() for layer in self.encoder.layers)
        return reconstruction(self.outputs(self.encode(images)), images) + decay


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
    model = Tied()
    model.load_state_dict(transposed(load_file("tied.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("tied.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "tied_trained.safetensors", metadata)
