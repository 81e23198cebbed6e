"""The stacked autoencoder trained layer by layer (G. Hinton, R. Salakhutdinov, 2006; Y. Bengio et al., 2006).

    pip install numpy packaging safetensors torch
    python layerwise.py

Beside it lie the weights, layerwise.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine in each phase.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = 300  # {/model/hidden}
CODE = 150  # {/model/code}
BATCH = 150  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 40  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class Layerwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.outer_encoder = nn.Linear(INPUT, HIDDEN)
        self.inner_encoder = nn.Linear(HIDDEN, CODE)
        self.inner_decoder = nn.Linear(CODE, HIDDEN)
        self.outer_decoder = nn.Linear(HIDDEN, INPUT)

    def outer_codes(self, images):
        return F.elu(self.outer_encoder(images))

    def rebuilt_codes(self, outer):
        return F.elu(self.inner_decoder(F.elu(self.inner_encoder(outer))))

    def encode(self, images):
        return F.elu(self.inner_encoder(self.outer_codes(images)))

    def decode(self, codes):
        return self.outer_decoder(F.elu(self.inner_decoder(codes)))

    def loss(self, images, phase):
        if phase == "outer":
            return F.mse_loss(self.outer_decoder(self.outer_codes(images)), images)
        if phase == "inner":
            # The outer layers are frozen: the inner ones learn from their codes.
            outer = self.outer_codes(images).detach()
            return F.mse_loss(self.rebuilt_codes(outer), outer)
        return F.mse_loss(self.decode(self.encode(images)), images)


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def digits(path):
    """MNIST's images, [examples, INPUT] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, INPUT)[:EXAMPLES] / 255


def train(model, images):
    for phase in ["outer", "inner", "joint"]:
        adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
        for epoch in range(1, EPOCHS + 1):
            for batch in images[torch.randperm(len(images))].split(BATCH):
                loss = model.loss(batch, phase)
                adam.zero_grad()
                loss.backward()
                adam.step()
            print(f"{phase} layers, epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Layerwise()
    model.load_state_dict(transposed(load_file("layerwise.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("layerwise.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "layerwise_trained.safetensors", metadata)
