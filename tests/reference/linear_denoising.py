"""What the best linear denoiser leaves, an affine map of the noisy images: what README.md and the chapters compare the denoising models
with.

    pip install numpy && python tests/reference/linear_denoising.py

reads MNIST from www/data/mnist/ and prints the mean squared errors per pixel on the 10,000 test images. The map is the one of least squares
for all noise that the 55,000 training images can have: of those images with a mean m and covariances C, the noisy ones have the same
mean and the covariances C + D, D being diagonal, and they vary with the clean ones by C; so the map takes y to m + (y - m) (C + D)^-1 C.
Only the errors are measured by draws of noise. "Clipped" is with outputs brought to [0, 1], as the models' are.
"""

import gzip
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "www" / "data" / "mnist"
TRAIN, DRAWS = 55_000, 5
# Standard deviation of Gaussian noise, and the probability that a pixel is set to 0.
NOISE = [(0.5, 0.0), (1.0, 0.0), (1.5, 0.0), (0.0, 0.3), (0.0, 0.9)]


def images(name):
    with gzip.open(FOLDER / name) as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=16).reshape(-1, 784) / 255.0


def noisy(x, sigma, dropout, rng):
    """Pixels that are kept are scaled up, so that the mean stays."""
    if sigma > 0.0:
        x = x + sigma * rng.standard_normal(x.shape)
    return x * (rng.random(x.shape) >= dropout) / (1.0 - dropout)


def best_map(x, sigma, dropout):
    """The mean and the matrix."""
    mean = x.mean(axis=0)
    covariances = x.T @ x / len(x) - np.outer(mean, mean)
    # Of y = k (x + s n) / (1 - p), k being 1 with the probability 1 - p: E y^2 - E x^2, pixel by pixel.
    squares = (x**2).mean(axis=0)
    added = (squares + sigma**2) / (1.0 - dropout) - squares
    # Pixels that are 0 in all images, of which nothing follows: where there is only dropout they would make the matrix singular.
    lit = squares > 0.0
    covariances = covariances[np.ix_(lit, lit)]
    matrix = np.zeros((x.shape[1], x.shape[1]))
    matrix[np.ix_(lit, lit)] = np.linalg.solve(covariances + np.diag(added[lit]), covariances)
    return mean, matrix


def main():
    train, test = images("train-images-idx3-ubyte.gz")[:TRAIN], images("t10k-images-idx3-ubyte.gz")
    rng = np.random.default_rng(0)
    for sigma, dropout in NOISE:
        mean, matrix = best_map(train, sigma, dropout)
        errors = []
        for _ in range(DRAWS):
            y = mean + (noisy(test, sigma, dropout, rng) - mean) @ matrix
            errors.append([((output - test) ** 2).mean() for output in (np.clip(y, 0.0, 1.0), y)])
        (clipped, unclipped), spread = np.mean(errors, axis=0), np.std(errors, axis=0).max()
        print(f"sigma {sigma}, dropout {dropout}: {clipped:.5f} clipped, {unclipped:.5f} unclipped; draws differ by {spread:.5f}")


if __name__ == "__main__":
    main()
