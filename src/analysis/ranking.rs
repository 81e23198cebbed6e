//! Which examples stand out, and how classes compare.

/// The numbers of the `count` largest of `values`, the largest first, of equals the first; all where there are fewer. What is not a
/// number comes last.
pub fn largest(values: &[f32], count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..values.len()).collect();
    let key = |number: usize| if values[number].is_nan() { f32::NEG_INFINITY } else { values[number] };
    let order = |&a: &usize, &b: &usize| key(b).total_cmp(&key(a)).then(a.cmp(&b));
    let count = count.min(numbers.len());
    if count > 0 && count < numbers.len() {
        numbers.select_nth_unstable_by(count - 1, order);
    }
    numbers.truncate(count);
    numbers.sort_unstable_by(order);
    numbers
}

/// The mean of the `values` of each class, from 0 to below `classes`; 0 for a class that none is of.
pub fn class_means(values: &[f32], labels: &[u8], classes: usize) -> Vec<f32> {
    let mut sums = vec![(0.0_f64, 0_usize); classes];
    for (&value, &label) in values.iter().zip(labels) {
        if let Some((sum, count)) = sums.get_mut(usize::from(label)) {
            *sum += f64::from(value);
            *count += 1;
        }
    }
    sums.into_iter().map(|(sum, count)| (sum / count.max(1) as f64) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_first_and_of_equals_the_first() {
        let values = [0.5, -1.0, 2.0, f32::NAN, 2.0, 0.5];
        assert_eq!(largest(&values, 3), [2, 4, 0]);
        assert_eq!(largest(&values, 9), [2, 4, 0, 5, 1, 3], "what is not a number comes last");
        assert_eq!(largest(&values, 0), [0_usize; 0]);
        assert_eq!(largest(&[], 2), [0_usize; 0]);
    }

    #[test]
    fn a_class_has_the_mean_of_its_own() {
        let means = class_means(&[1.0, 2.0, 4.0, 9.0], &[0, 2, 2, 7], 4);
        assert_eq!(means, [1.0, 0.0, 3.0, 0.0], "nobody is of class 1, and there is no class 7");
    }
}
