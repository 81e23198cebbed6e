"""The stacked denoising autoencoder (P. Vincent et al., 2010).

    pip install numpy packaging safetensors torch
    python denoising.py

Beside it lie the weights, denoising.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights rose over the first steps, then fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [1500]  # {/model/hidden}
CODE = 500  # {/model/code}
# The largest noise, and whether each image draws how much of it; the shares of the images that get each kind.
SIGMA = 1.5  # {/recipe/corruption/sigma}
DROPOUT = 0.9  # {/recipe/corruption/dropout}
VARIED = True  # {/recipe/corruption/varied}
GAUSSIAN = 0.72  # {/recipe/corruption/gaussian}
MASKING = 0.18  # {/recipe/corruption/masking}
BOTH = 0.05  # {/recipe/corruption/both}
BATCH = 150  # {/recipe/batch}
LEARNING_RATE = 0.0012  # {/recipe/learning_rate}
EPOCHS = 115  # {/recipe/epochs}
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


class Denoising(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Mlp(INPUT, *HIDDEN, CODE)
        self.decoder = Mlp(CODE, *reversed(HIDDEN))
        self.logits = nn.Linear(HIDDEN[0], INPUT)

    def encode(self, images):
        return self.encoder(images)

    def decode(self, codes):
        return torch.sigmoid(self.logits(self.decoder(codes)))

    def loss(self, noisy, images):
        logits = self.logits(self.decoder(self.encode(noisy)))
        return F.binary_cross_entropy_with_logits(logits, images)


def corrupt(images):
    """Gaussian noise, then masking noise, which scales up what it keeps; where an image gets both, each is half as strong."""
    kinds = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.0, 0.0]])
    shares = torch.tensor([GAUSSIAN, MASKING, BOTH, 1 - GAUSSIAN - MASKING - BOTH]).clamp(min=0)
    strength = kinds[shares.multinomial(len(images), replacement=True)]
    if VARIED:
        strength = strength * torch.rand(len(images), 2)
    sigma, dropout = SIGMA * strength[:, :1], DROPOUT * strength[:, 1:]
    noisy = images + sigma * torch.randn_like(images)
    return noisy * (torch.rand_like(images) >= dropout) / (1 - dropout)


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
            loss = model.loss(corrupt(batch), batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Denoising()
    model.load_state_dict(transposed(load_file("denoising.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("denoising.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "denoising_trained.safetensors", metadata)
