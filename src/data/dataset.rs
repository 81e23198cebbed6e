//! Rows of numbers that a model learns from.

/// Examples of equal width: images as rows of pixels in [0, 1], points as rows of coordinates.
pub trait Dataset {
    /// Number of examples.
    fn count(&self) -> usize;

    /// Numbers in an example.
    fn width(&self) -> usize;

    /// Writes example `index` (below [`count`](Self::count)) into `row`, [`width`](Self::width) long.
    fn read(&self, index: usize, row: &mut [f32]);

    /// The class of example `index`, where it is known.
    fn label(&self, _index: usize) -> Option<u8> {
        None
    }
}

/// The numbers of the first examples of the classes from 0 to below `classes`; a class that has none is left out.
pub fn first_of_each(data: &dyn Dataset, classes: u8) -> Vec<usize> {
    (0..classes).filter_map(|class| (0..data.count()).find(|&index| data.label(index) == Some(class))).collect()
}

/// The examples at `indices`, one after another: `indices.len() * width` numbers.
pub fn gather(data: &(impl Dataset + ?Sized), indices: impl ExactSizeIterator<Item = usize>) -> Vec<f32> {
    let width = data.width();
    let mut rows = vec![0.0; indices.len() * width];
    for (row, index) in rows.chunks_exact_mut(width).zip(indices) {
        data.read(index, row);
    }
    rows
}
