//! Principal component analysis, exact: the best linear autoencoder there is, and so the measure of all others.
//!
//! Reference: K. Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", Philosophical Magazine 2 (1901).

use super::eigen::{add, dot, eigen};
use super::subspace::point;
use crate::data::dataset::Dataset;

/// The mean of a data set and of the products of its columns.
#[derive(Clone, Debug)]
pub struct Moments {
    mean: Vec<f64>,
    /// The mean of `x_row * x_column` over the examples.
    products: Vec<Vec<f64>>,
}

impl Moments {
    /// # Panics
    /// If there are no examples.
    pub fn of(data: &(impl Dataset + ?Sized)) -> Moments {
        let (count, width) = (data.count(), data.width());
        assert!(count > 0, "moments of no examples");
        let mut mean = vec![0.0; width];
        let mut products = vec![vec![0.0; width]; width];
        let mut example = vec![0.0; width];
        let mut lit: Vec<(usize, f64)> = Vec::with_capacity(width);
        for index in 0..count {
            data.read(index, &mut example);
            // Four in five of MNIST's pixels are 0.
            lit.clear();
            lit.extend(example.iter().enumerate().filter(|(_, x)| **x != 0.0).map(|(at, &x)| (at, f64::from(x))));
            for (place, &(row, value)) in lit.iter().enumerate() {
                mean[row] += value;
                let products = &mut products[row];
                let (fours, rest) = lit[place..].as_chunks();
                for &[(a, w), (b, x), (c, y), (d, z)] in fours {
                    products[a] += value * w;
                    products[b] += value * x;
                    products[c] += value * y;
                    products[d] += value * z;
                }
                rest.iter().for_each(|&(column, other)| products[column] += value * other);
            }
        }
        mean.iter_mut().chain(products.iter_mut().flatten()).for_each(|sum| *sum /= count as f64);
        for row in 1..width {
            let (above, below) = products.split_at_mut(row);
            for (value, above) in below[0].iter_mut().zip(above) {
                *value = above[row];
            }
        }
        Moments { mean, products }
    }
}

/// The mean of a data set and orthonormal directions of the most variance about it.
#[derive(Clone, Debug)]
pub struct Pca {
    mean: Vec<f64>,
    components: Vec<Vec<f64>>,
    variances: Vec<f64>,
}

impl Pca {
    /// All principal components, as many as an example has numbers. Seconds for 784 of them: it grows with the third power.
    pub fn fit(moments: &Moments) -> Pca {
        let Moments { mean, products } = moments;
        let mut covariance = products.clone();
        for (row, &centre) in covariance.iter_mut().zip(mean) {
            add(row, -centre, mean);
        }
        let eigen = eigen(covariance);
        let mut components = eigen.vectors;
        components.iter_mut().for_each(|component| point(component));
        Pca { mean: mean.clone(), components, variances: eigen.values }
    }

    /// The `count` components of the most variance; all where there are fewer.
    pub fn first(&self, count: usize) -> Pca {
        let count = count.min(self.components.len());
        Pca {
            mean: self.mean.clone(),
            components: self.components[..count].to_vec(),
            variances: self.variances[..count].to_vec(),
        }
    }

    /// The mean example.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Unit vectors, the one of the most variance first; the largest coordinate of each is above 0.
    pub fn components(&self) -> &[Vec<f64>] {
        &self.components
    }

    /// The variance along each component.
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// An example's code: a number for each component.
    pub fn encode(&self, example: &[f32]) -> Vec<f64> {
        let centred: Vec<f64> = example.iter().zip(&self.mean).map(|(&x, mean)| f64::from(x) - mean).collect();
        self.components.iter().map(|component| dot(component, &centred)).collect()
    }

    /// The example of a code; not clipped.
    pub fn decode(&self, code: &[f64]) -> Vec<f64> {
        let mut example = self.mean.clone();
        for (component, &factor) in self.components.iter().zip(code) {
            add(&mut example, factor, component);
        }
        example
    }

    /// The mean squared error, per number, of the reconstructions of the examples that `moments` are of.
    ///
    /// It is the mean square of the distance from this mean, less what the components hold of it.
    pub fn squared_error(&self, moments: &Moments) -> f64 {
        let Moments { mean, products } = moments;
        // E (v'x - v'm)^2, with this mean m and the examples' x.
        let square = |direction: &[f64], mean_square: f64| {
            let centre = dot(direction, &self.mean);
            mean_square + centre * (centre - 2.0 * dot(direction, mean))
        };
        let diagonal = products.iter().enumerate().map(|(index, row)| row[index]);
        let distances = diagonal.zip(&self.mean).zip(mean).map(|((square, m), x)| square + m * (m - 2.0 * x));
        let held = self.components.iter().map(|direction| {
            let mean_square = products.iter().zip(direction).map(|(row, v)| v * dot(row, direction)).sum();
            square(direction, mean_square)
        });
        (distances.sum::<f64>() - held.sum::<f64>()) / self.mean.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Points(Vec<[f32; 2]>);

    impl Dataset for Points {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn width(&self) -> usize {
            2
        }

        fn read(&self, index: usize, row: &mut [f32]) {
            row.copy_from_slice(&self.0[index]);
        }
    }

    /// A cross about (5, 1): long along (3, 4), short along (4, -3).
    fn cross() -> Points {
        Points(vec![[11.0, 9.0], [-1.0, -7.0], [9.0, -2.0], [1.0, 4.0]])
    }

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn components_are_the_axes_of_the_cloud() {
        let pca = Pca::fit(&Moments::of(&cross()));
        close(&pca.components()[0], &[0.6, 0.8]);
        close(&pca.components()[1], &[0.8, -0.6]);
        close(pca.variances(), &[50.0, 12.5]);
        close(&pca.encode(&[11.0, 9.0]), &[10.0, 0.0]);
        close(&pca.decode(&[10.0, 5.0]), &[15.0, 6.0]);
    }

    #[test]
    fn the_error_is_that_of_the_reconstructions() {
        let pca = Pca::fit(&Moments::of(&cross()));
        // Others than those it was fitted to: their mean is another.
        let others = Points(vec![[1.0, 2.0], [3.0, -1.0], [0.0, 7.0]]);
        for count in 0..=2 {
            let pca = pca.first(count);
            let errors = others.0.iter().map(|example| {
                let output = pca.decode(&pca.encode(example));
                output.iter().zip(example).map(|(y, &x)| (y - f64::from(x)).powi(2)).sum::<f64>()
            });
            let expected = errors.sum::<f64>() / 6.0;
            close(&[pca.squared_error(&Moments::of(&others))], &[expected]);
        }
    }
}
