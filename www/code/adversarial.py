"""The adversarial autoencoder (A. Makhzani et al., 2015): a discriminator makes the codes follow a prior.

    pip install numpy packaging safetensors torch
    python adversarial.py

Beside it lie the weights, adversarial.safetensors, and MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip
import math

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [1000, 1000]  # {/model/hidden}
CODE = 8  # {/model/code}
DISCRIMINATOR = [500, 500]  # {/model/discriminator}
# normal, mixture or swiss_roll; the last two are of two numbers.
PRIOR = "normal"  # {/model/prior}
HAS_LABELS = False  # {/model/has_labels}
CODE_DEVIATION = 0.2  # {/model/code_deviation}
# Grows over the training to so many times as much.
ADVERSARIAL_WEIGHT = 0.004  # {/model/adversarial_weight}
ADVERSARIAL_GROWTH = 10.0  # {/model/adversarial_growth}
DISCRIMINATOR_RATE = 1.0  # {/model/discriminator_rate}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 60  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}

CLASSES = 10
SIZE = CODE if PRIOR == "normal" else 2


class Mlp(nn.Module):
    """Hidden layers, each followed by a ReLU, and an affine layer."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        widths = [inputs, *hidden]
        layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, widths[1:]))
        self.hidden = nn.ModuleDict({"layers": layers})
        self.output = nn.Linear(widths[-1], outputs)

    def forward(self, x):
        for layer in self.hidden["layers"]:
            x = F.relu(layer(x))
        return self.output(x)


class Adversarial(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Mlp(INPUT, HIDDEN, SIZE)
        self.decoder = Mlp(SIZE, HIDDEN[::-1], INPUT)
        self.discriminator = nn.ModuleDict({"network": Mlp(SIZE + CLASSES * HAS_LABELS, DISCRIMINATOR, 1)})

    def encode(self, images):
        return self.encoder(images)

    def decode(self, codes):
        return torch.sigmoid(self.decoder(codes))

    def discriminate(self, codes, classes):
        """The logits of codes being draws of the prior; classes have a 1 in each row, [batch, CLASSES]."""
        return self.discriminator["network"](torch.cat([codes, classes], dim=1) if HAS_LABELS else codes)

    def draw_codes(self, images, epsilon):
        """Codes with noise; epsilon is drawn from N(0, 1), [batch, SIZE]."""
        return self.encode(images) + CODE_DEVIATION * epsilon

    def discriminator_loss(self, codes, draws, classes):
        """The cross-entropy of telling draws of the prior from codes."""
        logits = torch.cat([self.discriminate(draws, classes), self.discriminate(codes.detach(), classes)])
        targets = torch.cat([torch.ones(len(draws), 1), torch.zeros(len(codes), 1)])
        return F.binary_cross_entropy_with_logits(logits, targets)

    def generator_loss(self, codes, classes):
        return -F.logsigmoid(self.discriminate(codes, classes)).mean()

    def loss(self, images, epsilon, draws, classes):
        """The squared error, the discriminator's loss and the encoder's against it, added up."""
        codes = self.draw_codes(images, epsilon)
        error = F.mse_loss(self.decode(codes), images)
        return error + self.discriminator_loss(codes, draws, classes) + self.generator_loss(codes, classes)


def draw_prior(classes):
    """A draw of the prior for each row of classes, which have a 1 in each row: [batch, SIZE]."""
    count, number = len(classes), classes.argmax(dim=1, keepdim=True)
    if PRIOR == "mixture":
        angle = 2 * math.pi * number / CLASSES
        along, across = 2 + 0.6 * torch.randn(count, 1), 0.2 * torch.randn(count, 1)
        x, y = angle.cos() * along - angle.sin() * across, angle.sin() * along + angle.cos() * across
        return torch.cat([x, y], dim=1)
    if PRIOR == "swiss_roll":
        root = ((number + torch.rand(count, 1)) / CLASSES).sqrt()
        angle = 4 * math.pi * root
        return 3 * root * torch.cat([angle.cos(), angle.sin()], dim=1) + 0.1 * torch.randn(count, 2)
    return torch.randn(count, SIZE)


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def read(path, offset):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=offset)


def digits(path):
    """MNIST's images, [examples, INPUT] in [0, 1]."""
    return read(path, 16).view(-1, INPUT)[:EXAMPLES] / 255


def one_hot(path):
    """The classes of MNIST's images, [examples, CLASSES]."""
    return F.one_hot(read(path, 8)[:EXAMPLES].long(), CLASSES).float()


def train(model, images, classes):
    autoencoder = torch.optim.Adam([*model.encoder.parameters(), *model.decoder.parameters()], lr=LEARNING_RATE)
    discriminator = torch.optim.Adam(model.discriminator.parameters(), lr=LEARNING_RATE * DISCRIMINATOR_RATE)
    steps = math.ceil(len(images) / BATCH)
    for epoch in range(EPOCHS):
        for step, numbers in enumerate(torch.randperm(len(images)).split(BATCH)):
            batch, of_batch = images[numbers], classes[numbers]
            codes = model.draw_codes(batch, torch.randn(len(batch), SIZE))
            told = model.discriminator_loss(codes, draw_prior(of_batch), of_batch)
            discriminator.zero_grad()
            told.backward()
            discriminator.step()

            error = F.mse_loss(model.decode(codes), batch)
            against = model.generator_loss(codes, of_batch)
            autoencoder.zero_grad()
            weight = ADVERSARIAL_WEIGHT * ADVERSARIAL_GROWTH ** ((epoch + step / steps) / EPOCHS)
            (error + weight * against).backward()
            autoencoder.step()
        print(f"epoch {epoch + 1}: {error.item():.4f}, discriminator {told.item():.3f}, encoder {against.item():.3f}")


if __name__ == "__main__":
    model = Adversarial()
    model.load_state_dict(transposed(load_file("adversarial.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images, one_hot("train-labels-idx1-ubyte.gz"))
    with safe_open("adversarial.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "adversarial_trained.safetensors", metadata)
