"""A stacked autoencoder's file, read and run by NumPy alone: what tests/python.rs compares the engine with.

    python reconstruct.py weights.safetensors images.f32 > reconstructions.f32

Images and reconstructions are rows of float32, little-endian, pixels in [0, 1].
"""

import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file


def read(path):
    """The tensors of a file by name, in float64.

    Shipped files hold their large matrices as int8, [inputs, outputs], and under the matrix's name with `.scale` a float for
    each of its columns, [outputs]: what an int8 stands for is itself times its column's. All else is float16 or float32.
    """
    stored = load_file(path)
    scales = {f"{name}.scale" for name, values in stored.items() if values.dtype == np.int8}
    tensors = {name: values.astype(np.float64) for name, values in stored.items() if name not in scales}
    for scale in scales:
        tensors[scale.removesuffix(".scale")] *= stored[scale].astype(np.float64)
    return tensors


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def affine(weights, name, x):
    return x @ weights[f"{name}.weight"] + weights[f"{name}.bias"]


def mlp(weights, name, x):
    index = 0
    while f"{name}.layers.{index}.weight" in weights:
        x = elu(affine(weights, f"{name}.layers.{index}", x))
        index += 1
    return x


def variational(weights, images):
    """The image of the mean code."""
    codes = affine(weights, "mean", mlp(weights, "encoder", images))
    return 1.0 / (1.0 + np.exp(-affine(weights, "logits", mlp(weights, "decoder", codes))))


if __name__ == "__main__":
    weights = read(sys.argv[1])
    with safe_open(sys.argv[1], framework="numpy") as file:
        metadata = file.metadata()
    assert metadata["model"] == "vae", metadata
    width = json.loads(metadata["settings"])["model"]["input"]
    images = np.fromfile(sys.argv[2], dtype="<f4").reshape(-1, width)
    sys.stdout.buffer.write(variational(weights, images).astype("<f4").tobytes())
