"""The adversarial autoencoder that keeps style and class apart (A. Makhzani et al., 2015).

    pip install numpy packaging safetensors torch
    python adversarial_style.py

Beside it lie the weights, adversarial_style.safetensors, and MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [500, 500]  # {/model/hidden}
STYLE = 6  # {/model/style}
DISCRIMINATOR = [300, 300]  # {/model/discriminator}
CODE_DEVIATION = 0.3  # {/model/code_deviation}
CLASS_WEIGHT = 0.01  # {/model/class_weight}
ADVERSARIAL_WEIGHT = 0.01  # {/model/adversarial_weight}
DISCRIMINATOR_RATE = 1.0  # {/model/discriminator_rate}
BATCH = 100  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 40  # {/recipe/epochs}
EXAMPLES = 55000  # {/recipe/examples}

CLASSES = 10


def hidden_layers(inputs, widths):
    widths = [inputs, *widths]
    return nn.ModuleDict({"layers": nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, widths[1:]))})


def through(layers, x):
    """Affine layers, each followed by a ReLU."""
    for layer in layers["layers"]:
        x = F.relu(layer(x))
    return x


class Mlp(nn.Module):
    """Hidden layers and an affine one."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.hidden = hidden_layers(inputs, hidden)
        self.output = nn.Linear([inputs, *hidden][-1], outputs)

    def forward(self, x):
        return self.output(through(self.hidden, x))


class AdversarialStyle(nn.Module):
    def __init__(self):
        super().__init__()
        encoded = [INPUT, *HIDDEN][-1]
        self.encoder = hidden_layers(INPUT, HIDDEN)
        self.style = nn.Linear(encoded, STYLE)
        self.add_module("class", nn.Linear(encoded, CLASSES))
        self.decoder = Mlp(STYLE + CLASSES, HIDDEN[::-1], INPUT)
        self.discriminator = nn.ModuleDict({"network": Mlp(STYLE + CLASSES, DISCRIMINATOR, 1)})

    def style_and_logits(self, images):
        """The means of the styles, [batch, STYLE], and the logits of the classes, [batch, CLASSES]."""
        hidden = through(self.encoder, images)
        return self.style(hidden), self.get_submodule("class")(hidden)

    def encode(self, images):
        """The style, then the probabilities of the classes."""
        style, logits = self.style_and_logits(images)
        return torch.cat([style, logits.softmax(dim=1)], dim=1)

    def decode(self, codes):
        return torch.sigmoid(self.decoder(codes))

    def discriminate(self, styles, classes):
        """The logits of styles being draws from N(0, 1), given their classes, which have a 1 in each row."""
        return self.discriminator["network"](torch.cat([styles, classes], dim=1))

    def discriminator_loss(self, styles, draws, classes):
        """The cross-entropy of telling draws of the prior from styles."""
        logits = torch.cat([self.discriminate(draws, classes), self.discriminate(styles.detach(), classes)])
        targets = torch.cat([torch.ones(len(draws), 1), torch.zeros(len(styles), 1)])
        return F.binary_cross_entropy_with_logits(logits, targets)

    def autoencoder_losses(self, images, styles, logits, classes):
        """The squared error, the decoder being told the class; the cross-entropy of the classes; the loss against the discriminator."""
        error = F.mse_loss(self.decode(torch.cat([styles, classes], dim=1)), images)
        return error, F.cross_entropy(logits, classes), -F.logsigmoid(self.discriminate(styles, classes)).mean()

    def draw_styles(self, images, epsilon):
        """Styles with noise, and the logits of the classes; epsilon is drawn from N(0, 1), [batch, STYLE]."""
        style, logits = self.style_and_logits(images)
        return style + CODE_DEVIATION * epsilon, logits

    def loss(self, images, epsilon, draws, classes):
        """All four, added up."""
        styles, logits = self.draw_styles(images, epsilon)
        told = self.discriminator_loss(styles, draws, classes)
        return told + sum(self.autoencoder_losses(images, styles, logits, classes))


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
    others = [weights for name, weights in model.named_parameters() if not name.startswith("discriminator")]
    autoencoder = torch.optim.Adam(others, lr=LEARNING_RATE)
    discriminator = torch.optim.Adam(model.discriminator.parameters(), lr=LEARNING_RATE * DISCRIMINATOR_RATE)
    for epoch in range(1, EPOCHS + 1):
        for numbers in torch.randperm(len(images)).split(BATCH):
            batch, of_batch = images[numbers], classes[numbers]
            styles, logits = model.draw_styles(batch, torch.randn(len(batch), STYLE))
            told = model.discriminator_loss(styles, torch.randn(len(batch), STYLE), of_batch)
            discriminator.zero_grad()
            told.backward()
            discriminator.step()

            error, classification, against = model.autoencoder_losses(batch, styles, logits, of_batch)
            autoencoder.zero_grad()
            (error + CLASS_WEIGHT * classification + ADVERSARIAL_WEIGHT * against).backward()
            autoencoder.step()
        print(f"epoch {epoch}: {error.item():.4f}, discriminator {told.item():.3f}, encoder {against.item():.3f}")


if __name__ == "__main__":
    model = AdversarialStyle()
    model.load_state_dict(transposed(load_file("adversarial_style.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    with torch.no_grad():
        codes = model.encode(images[:10])
        rebuilt = model.decode(codes)
    print(f"squared error of 10 images: {F.mse_loss(rebuilt, images[:10]).item():.5f}")

    train(model, images, one_hot("train-labels-idx1-ubyte.gz"))
    with safe_open("adversarial_style.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "adversarial_style_trained.safetensors", metadata)
