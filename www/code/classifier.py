"""A classifier whose first layers were an encoder (Y. Bengio et al., 2006; P. Vincent et al., 2010).

    pip install numpy packaging safetensors torch
    python classifier.py

Beside it lie the weights, classifier.safetensors, and MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz.

The learning rate stays the same here; that of the shipped weights fell to 0 along a cosine in each phase.
"""

import gzip

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

INPUT = 784  # {/model/input}
HIDDEN = [500]  # {/model/hidden}
CODE = 250  # {/model/code}
# Of MNIST's 60,000 training images; the others are kept for validation.
IMAGES = 55000
# The autoencoder learns from all of them, without their labels; 0: not at all.
PRETRAINING_EPOCHS = 10  # {/model/pretraining/epochs}
PRETRAINING_RATE = 0.001  # {/model/pretraining/learning_rate}
PRETRAINING_BATCH = 150
# The probability that a pixel of its input is set to 0.
DROPOUT = 0.5  # {/model/pretraining/corruption/dropout}
# Then as many have their label told.
LABELS = 100  # {/recipe/examples}
IS_ENCODER_FROZEN = False  # {/model/is_encoder_frozen}
BATCH = 50  # {/recipe/batch}
LEARNING_RATE = 0.001  # {/recipe/learning_rate}
EPOCHS = 200  # {/recipe/epochs}

CLASSES = 10


class Mlp(nn.Module):
    """Affine layers, each followed by an ELU."""

    def __init__(self, *widths):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers:
            x = F.elu(layer(x))
        return x


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Mlp(INPUT, *HIDDEN, CODE)
        self.decoder = Mlp(CODE, *reversed(HIDDEN))
        self.output = nn.Linear(HIDDEN[0], INPUT)
        self.classes = nn.Linear(CODE, CLASSES)

    def encode(self, images):
        return self.encoder(images)

    def decode(self, codes):
        return torch.sigmoid(self.output(self.decoder(codes)))

    def classify(self, images):
        """A score for each class, [batch, CLASSES]: the logits of a softmax."""
        codes = self.encode(images)
        return self.classes(codes.detach() if IS_ENCODER_FROZEN else codes)

    def loss(self, noisy, images, classes, phase):
        """Of the reconstruction; then of the label, where classes have a 1 in each row, [batch, CLASSES]."""
        if phase == "pretraining":
            return F.binary_cross_entropy_with_logits(self.output(self.decoder(self.encode(noisy))), images)
        return F.cross_entropy(self.classify(images), classes)


def phases():
    return ["pretraining", "tuning"] if PRETRAINING_EPOCHS > 0 else ["tuning"]


def transposed(tensors):
    """The file holds the weight of a linear layer as [inputs, outputs], PyTorch as [outputs, inputs]."""
    return {name: (x.T if x.ndim == 2 else x).contiguous() for name, x in tensors.items()}


def read(path, offset):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, offset=offset)


def digits(path):
    """MNIST's images, [count, INPUT] in [0, 1]."""
    return read(path, 16).view(-1, INPUT)[:IMAGES] / 255


def labelled(labels):
    """The numbers of the images whose label is told: one of each digit in turn, as long as there are any of it."""
    order = torch.randperm(len(labels))
    shuffled = labels[order]
    rounds = F.one_hot(shuffled, CLASSES).cumsum(dim=0).gather(1, shuffled[:, None])[:, 0]
    return order[(rounds * CLASSES + shuffled).argsort()[:LABELS]]


def train(model, images, labels):
    classes = F.one_hot(labels, CLASSES).float()
    for phase in phases():
        is_pretraining = phase == "pretraining"
        epochs, rate, size = (
            (PRETRAINING_EPOCHS, PRETRAINING_RATE, PRETRAINING_BATCH)
            if is_pretraining
            else (EPOCHS, LEARNING_RATE, BATCH)
        )
        examples = torch.arange(len(images)) if is_pretraining else labelled(labels)
        adam = torch.optim.Adam(model.parameters(), lr=rate)
        for epoch in range(1, epochs + 1):
            for batch in examples[torch.randperm(len(examples))].split(size):
                # What is kept is scaled up, so that the mean stays.
                noisy = F.dropout(images[batch], DROPOUT)
                loss = model.loss(noisy, images[batch], classes[batch], phase)
                adam.zero_grad()
                loss.backward()
                adam.step()
            print(f"{phase}, epoch {epoch}: loss {loss.item():.4f}")


if __name__ == "__main__":
    model = Classifier()
    model.load_state_dict(transposed(load_file("classifier.safetensors")))
    images = digits("train-images-idx3-ubyte.gz")
    labels = read("train-labels-idx1-ubyte.gz", 8)[:IMAGES].long()
    with torch.no_grad():
        told = model.classify(images[:10]).argmax(dim=1)
    print(f"of 10 images, {(told == labels[:10]).sum().item()} are told right")

    train(model, images, labels)
    with safe_open("classifier.safetensors", framework="pt") as file:
        metadata = file.metadata()
    save_file(transposed(model.state_dict()), "classifier_trained.safetensors", metadata)
