"""The convolutional denoising autoencoder (P. Vincent et al., 2010; J. Masci et al., 2011).

    pip install numpy packaging safetensors torch
    python convolutional_denoising.py

Beside it lie the weights, convolutional_denoising.safetensors, and MNIST's train-images-idx3-ubyte.gz.

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
INNER_MAPS = 48  # {/model/inner_maps}
DEEP_MAPS = 64  # {/model/deep_maps}
# Standard deviation of the noise.
SIGMA = 0.5  # {/recipe/corruption/sigma}
BATCH = 20  # {/recipe/batch}
LEARNING_RATE = 0.002  # {/recipe/learning_rate}
EPOCHS = 36  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


class ConvolutionalDenoising(nn.Module):
    def __init__(self):
        super().__init__()
        self.outer_encoder = nn.Conv2d(1, OUTER_MAPS, 6, stride=2, padding=2)
        self.inner_encoder = nn.Conv2d(OUTER_MAPS, INNER_MAPS, 4, stride=2, padding=1)
        self.deep_encoder = nn.Conv2d(INNER_MAPS, DEEP_MAPS, 3, stride=2, padding=1)
        self.code_encoder = nn.Conv2d(DEEP_MAPS, DEEP_MAPS, 3, padding=1)
        self.code_decoder = nn.Conv2d(DEEP_MAPS, DEEP_MAPS, 3, padding=1)
        self.deep_decoder = nn.ConvTranspose2d(DEEP_MAPS, INNER_MAPS, 3, stride=2, padding=1)
        self.inner_decoder = nn.ConvTranspose2d(INNER_MAPS, OUTER_MAPS, 4, stride=2, padding=1)
        self.outer_decoder = nn.ConvTranspose2d(OUTER_MAPS, 1, 4, stride=2, padding=1)

    def encode(self, images):
        """Maps of 4 x 4, one after another, [batch, 16 DEEP_MAPS]."""
        maps = images.view(-1, 1, SIDE, SIDE)
        for layer in [self.outer_encoder, self.inner_encoder, self.deep_encoder, self.code_encoder]:
            maps = F.elu(layer(maps))
        return maps.flatten(1)

    def logits(self, codes):
        maps = codes.unflatten(1, (DEEP_MAPS, 4, 4))
        for layer in [self.code_decoder, self.deep_decoder, self.inner_decoder]:
            maps = F.elu(layer(maps))
        return self.outer_decoder(maps).flatten(1)

    def decode(self, codes):
        return torch.sigmoid(self.logits(codes))

    def loss(self, noisy, images):
        return F.binary_cross_entropy_with_logits(self.logits(self.encode(noisy)), images)


def transposed(tensors):
    """Convolutions are in the file as PyTorch has them."""
    return tensors


def digits(path):
    """MNIST's images, [examples, 784] in [0, 1]."""
    with gzip.open(path) as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=16)
    return pixels.view(-1, SIDE * SIDE)[:EXAMPLES] / 255


def train(model, images):
    adam = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for epoch in range(1, EPOCHS + 1):
        for batch in images[torch.randperm(len(images))].split(BATCH):
            loss = model.loss(batch + SIGMA * torch.randn_like(batch), batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = ConvolutionalDenoising()
    model.load_state_dict(load_file("convolutional_denoising.safetensors"))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("convolutional_denoising.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(model.state_dict(), "convolutional_denoising_trained.safetensors", metadata)
