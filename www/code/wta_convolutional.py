"""The convolutional winner-take-all autoencoder (A. Makhzani and B. Frey, 2015, section 3): each map keeps its largest number alone.

    pip install numpy packaging safetensors torch
    python wta_convolutional.py

Beside it lie the weights, wta_convolutional.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

SIDE = 28
KERNEL = 11
MAPS = 128  # {/model/maps}
LIFETIME_SPARSITY = 0.05  # {/model/lifetime_sparsity}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.003  # {/recipe/learning_rate}
EPOCHS = 6  # {/recipe/epochs}
EXAMPLES = 10000  # {/recipe/examples}


class ConvolutionalWinnerTakeAll(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Conv2d(1, MAPS, KERNEL, padding="same")
        # Its weights are the dictionary.
        self.decoder = nn.ConvTranspose2d(MAPS, 1, KERNEL, padding=KERNEL // 2)
        nn.init.normal_(self.decoder.weight, std=0.03)
        nn.init.zeros_(self.decoder.bias)
        # What a map's largest number must exceed to count where there is no batch: the running mean of its weakest winner.
        self.threshold = nn.Parameter(torch.zeros(MAPS), requires_grad=False)

    def maps(self, images):
        """[batch, MAPS, SIDE, SIDE]."""
        return F.relu(self.encoder(images.view(-1, 1, SIDE, SIDE)))

    def encode(self, images):
        return self.maps(images).flatten(1)

    def sparse(self, maps, is_kept):
        """Of each map its largest number, where that is kept: [batch, MAPS] of zeros and ones."""
        is_largest = maps == maps.detach().amax((2, 3), keepdim=True)
        return maps * is_largest * is_kept[:, :, None, None]

    def pixels(self, maps):
        return self.decoder(maps).flatten(1)

    def decode(self, codes):
        maps = codes.unflatten(1, (MAPS, SIDE, SIDE))
        return self.pixels(self.sparse(maps, maps.amax((2, 3)) > self.threshold))

    def winners(self, maps):
        """Of each map's largest numbers the largest over the batch, as a mask of zeros and ones, and the weakest of them."""
        largest_of_maps = maps.detach().amax((2, 3))
        # Python's own round would take 2.5 to 2.
        count = max(1, int(LIFETIME_SPARSITY * len(maps) + 0.5))
        largest, rows = largest_of_maps.topk(count, dim=0)
        return torch.zeros_like(largest_of_maps).scatter(0, rows, 1.0), largest[-1]

    def competition(self, images):
        """The squared error by the winners alone, and the weakest of them."""
        maps = self.maps(images)
        mask, weakest = self.winners(maps)
        return F.mse_loss(self.pixels(self.sparse(maps, mask)), images), weakest

    def loss(self, images):
        return self.competition(images)[0]

    @torch.no_grad()
    def follow(self, weakest):
        self.threshold.mul_(0.9).add_(0.1 * weakest)


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
            loss, weakest = model.competition(batch)
            adam.zero_grad()
            loss.backward()
            adam.step()
            model.follow(weakest)
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = ConvolutionalWinnerTakeAll()
    model.load_state_dict(load_file("wta_convolutional.safetensors"))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    with safe_open("wta_convolutional.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(model.state_dict(), "wta_convolutional_trained.safetensors", metadata)
