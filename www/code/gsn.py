"""The generative stochastic network (Y. Bengio, E. Thibodeau-Laufer, G. Alain, J. Yosinski, 2014) with walkback (Y. Bengio, L. Yao,
G. Alain, P. Vincent, 2013).

    pip install numpy packaging safetensors torch
    python gsn.py

Beside it lie the weights, gsn.safetensors, and MNIST's train-images-idx3-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = 800  # {/model/hidden}
CODE = 400  # {/model/code}
# Probability of a pixel to be replaced by 0 or 1.
SALT_AND_PEPPER = 0.5  # {/model/salt_and_pepper}
# Standard deviation of the noise on the code.
CODE_NOISE = 0.3  # {/model/code_noise}
# Steps of the chain from each image in training.
WALKBACK = 3  # {/model/walkback}
BATCH = 150  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 25  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}


def draws(steps, count):
    """What so many steps of `count` chains draw, each by steps: which pixels are kept (1, else 0), what the others become (0 or 1), noise
    before and after the code's activation, from N(0, 1), and the numbers in [0, 1) by which pixels are drawn."""
    images, codes = (steps, count, INPUT), (steps, count, CODE)
    kept = (torch.rand(images) >= SALT_AND_PEPPER).float()
    coins = (torch.rand(images) < 0.5).float()
    return kept, coins, torch.randn(codes), torch.randn(codes), torch.rand(images)


class Gsn(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(INPUT, HIDDEN)
        self.code = nn.Linear(HIDDEN, CODE)
        self.decoder = nn.Linear(CODE, HIDDEN)
        self.output = nn.Linear(HIDDEN, INPUT)

    def encode(self, images):
        """Without noise."""
        return torch.tanh(self.code(F.elu(self.encoder(images))))

    def logits(self, codes):
        return self.output(F.elu(self.decoder(codes)))

    def decode(self, codes):
        return torch.sigmoid(self.logits(codes))

    def transition(self, images, kept, coins, before, after):
        """The logits of the next images' pixels, [batch, INPUT]."""
        noisy = kept * images + (1 - kept) * coins
        activations = self.code(F.elu(self.encoder(noisy)))
        return self.logits(torch.tanh(activations + CODE_NOISE * before) + CODE_NOISE * after)

    def loss(self, images, kept, coins, before, after, uniform):
        """Nats per image, the mean over the steps of the chain; the draws are those of `draws`, WALKBACK steps."""
        state, nats = images, []
        for step in range(WALKBACK):
            logits = self.transition(state, kept[step], coins[step], before[step], after[step])
            pixels = F.binary_cross_entropy_with_logits(logits, images, reduction="none")
            nats.append(pixels.sum(dim=1).mean())
            state = (uniform[step] < torch.sigmoid(logits.detach())).float()
        return torch.stack(nats).mean()

    @torch.no_grad()
    def chain(self, images, steps):
        """The means of the pixels after so many steps of a chain from each image."""
        for kept, coins, before, after, uniform in zip(*draws(steps, len(images))):
            means = torch.sigmoid(self.transition(images, kept, coins, before, after))
            images = (uniform < means).float()
        return means


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
            loss = model.loss(batch, *draws(WALKBACK, len(batch)))
            adam.zero_grad()
            loss.backward()
            adam.step()
        print(f"epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Gsn()
    model.load_state_dict(transposed(load_file("gsn.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images)
    samples = model.chain(images[:10], 100)
    print(f"mean of the pixels of 10 samples: {samples.mean().item():.3f}, of the images: {images.mean().item():.3f}")
    with safe_open("gsn.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "gsn_trained.safetensors", metadata)
