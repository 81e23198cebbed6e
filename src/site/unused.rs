//! Functions that are never executed and that the compiler must keep: burn chooses at run time, by a tensor's type or a setting.

use walrus::passes::gc;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// Crates that have functions of their own for each type of number.
const KERNELS: [&str; 5] = ["burn_flex", "gemm", "gemm_common", "gemm_f16", "gemm_f64"];

/// Types of numbers that no tensor here has: those of two bytes, and `f64`.
const UNUSED: [&str; 5] = ["bf16", "f16", "f64", "i16", "u16"];

/// Types whose functions stay. Tensors here are of `f32`, `i32` and bytes; pooling notes the places of maxima as `i64`, which are then cast. The others
/// have as many bytes as one of these: where two functions come to the same instructions the compiler keeps one, under either name. (Of `f64` and `i64`
/// that may be so where numbers are moved, not where they are cast.)
const KEPT: [&str; 9] = ["f32", "i32", "i64", "i8", "isize", "u32", "u64", "u8", "usize"];

/// What no model here does, by crate and by a part of the path: compute with quantised tensors, and draw initial weights that are orthogonal, by a QR
/// decomposition. In these crates quantised tensors are told from others, by a type or a tag; in those of WebGPU they are not, and functions for them
/// may stand for others.
const UNUSED_PATHS: [(&str, &str); 3] =
    [("burn_dispatch", "QTensorOps"), ("burn_flex", "QTensorOps"), ("burn_linalg", "qr")];

/// Functions of fewer instructions stay: leaving them out gains nothing, and they are the likeliest to be shared under another's name.
const FEW_INSTRUCTIONS: u64 = 50;

/// The same program without functions that are never executed: each becomes a trap, and what only they call is left out. None where the program has
/// no such function, by the names of its functions, demangled.
///
/// # Errors
/// Where the bytes are not a module of WebAssembly.
pub fn without_unused(program: &[u8]) -> walrus::Result<Option<Vec<u8>>> {
    let mut module = Module::from_buffer(program)?;
    let long = module.funcs.iter_local().filter(|(_, function)| function.size() >= FEW_INSTRUCTIONS).map(|(id, _)| id);
    let unused: Vec<_> = long.filter(|&id| module.funcs.get(id).name.as_deref().is_some_and(is_unused)).collect();
    if unused.is_empty() {
        return Ok(None);
    }
    for function in unused {
        replace_by_trap(&mut module, function);
    }
    gc::run(&mut module);
    Ok(Some(module.emit_wasm()))
}

/// Whether the function of a demangled name, such as `burn_flex[1f]::ops::mask::mask_fill::<f64>`, is never executed.
fn is_unused(name: &str) -> bool {
    let mut path = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let Some(outermost) = path.find(|part| !part.is_empty()) else { return false };
    if path.any(|part| UNUSED_PATHS.contains(&(outermost, part))) {
        return true;
    }
    // `conv3d_f64` is for a type as `mask_fill::<f64>` is.
    let is_for =
        |types: &[&str]| name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| types.contains(&word));
    KERNELS.contains(&outermost) && is_for(&UNUSED) && !is_for(&KEPT)
}

fn replace_by_trap(module: &mut Module, function: FunctionId) {
    let signature = module.types.get(module.funcs.get(function).ty());
    let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
    let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
    trap.func_body().unreachable();
    let arguments = parameters.iter().map(|&kind| module.locals.add(kind)).collect();
    module.funcs.get_mut(function).kind = FunctionKind::Local(trap.local_func(arguments));
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Bool, DType, Device, Int, Tensor};

    use super::*;

    #[test]
    fn a_name_tells_what_is_never_executed() {
        let unused = [
            "burn_flex[1f]::ops::mask::mask_fill::<f64>",
            "<burn_flex[1f]::tensor::FlexTensor>::storage::<half[2]::bfloat::bf16>",
            "burn_flex[1f]::ops::conv::conv3d_f64",
            "gemm_f16[3]::gemm::pack_rhs::<1usize, gemm_common[4]::simd::Scalar>",
            "burn_flex[1f]::tensor::copy::<u16>[2]",
            "<burn_flex[1f]::Flex as burn_backend[5]::ops::qtensor::QTensorOps<burn_flex[1f]::Flex>>::q_matmul",
            "burn_linalg[6]::functions::qr::qr::<2usize>",
        ];
        let used = [
            "burn_flex[1f]::ops::mask::mask_fill::<f32>",
            // Compiled for both: the type is chosen within it.
            "burn_flex[1f]::ops::unary::unary_op::<burn_flex[1f]::activation::sigmoid_f32, burn_flex[1f]::activation::sigmoid_f64>",
            // It may stand for the same function for f32, i32, i64 or u8.
            "burn_flex[1f]::tensor::copy::<u32>",
            "burn_flex[1f]::tensor::copy::<i8>",
            "burn_flex[1f]::tensor::copy::<u64>",
            "<core[7]::slice::iter::Iter<f64> as core[7]::Iterator>::fold::<burn_flex[1f]::tensor::FlexTensor>",
            "<burn_std[8]::tensor::container::TensorContainer<u64>>::remove::<burn_flex[1f]::Flex>",
            "<burn_cubecl[9]::CubeBackend as burn_backend[5]::ops::qtensor::QTensorOps<burn_cubecl[9]::CubeBackend>>::q_slice",
            "",
        ];
        for (names, expected) in [(&unused[..], true), (&used, false)] {
            for name in names {
                assert_eq!(is_unused(name), expected, "{name}");
            }
        }
    }

    #[test]
    fn tensors_are_of_types_whose_functions_stay() {
        for device in [Device::flex(), Device::flex().autodiff()] {
            assert_eq!(Tensor::<1>::zeros([1], &device).dtype(), DType::F32);
            assert_eq!(Tensor::<1, Int>::zeros([1], &device).dtype(), DType::I32);
            let truth = Tensor::<1, Bool>::from_data([true], &device).into_data();
            assert_eq!(truth.bytes().len(), size_of::<u8>());
        }
    }

    #[test]
    fn an_unused_function_traps_and_takes_with_it_what_only_it_calls() {
        let long = "i32.const 7 drop ".repeat(FEW_INSTRUCTIONS as usize);
        let text = format!(
            r#"(module
                (func $"burn_flex[1]::add::<f64>" (param f64) (result f64) {long} call $alone call $shared local.get 0)
                (func $"burn_flex[1]::add::<f32>" (param f32) (result f32) {long} call $shared local.get 0)
                (func $"burn_flex[1]::short::<f64>" call $of_short)
                (func $alone) (func $shared) (func $of_short)
                (func (export "run") f64.const 1 call $"burn_flex[1]::add::<f64>" drop f32.const 1
                    call $"burn_flex[1]::add::<f32>" drop call $"burn_flex[1]::short::<f64>"))"#
        );
        let program = wat::parse_str(text).unwrap();
        let module = Module::from_buffer(&without_unused(&program).unwrap().unwrap()).unwrap();
        let size = |name: &str| {
            module
                .funcs
                .iter_local()
                .find(|(id, _)| module.funcs.get(*id).name.as_deref() == Some(name))
                .map(|(_, function)| function.size())
        };
        assert!(size("burn_flex[1]::add::<f64>").is_some_and(|instructions| instructions < FEW_INSTRUCTIONS));
        assert_eq!(size("alone"), None);
        assert!(size("burn_flex[1]::add::<f32>") > Some(FEW_INSTRUCTIONS));
        assert!(size("shared").is_some() && size("of_short").is_some());
    }

    #[test]
    fn nothing_is_found_in_a_program_without_names() {
        let program = wat::parse_str("(module (func (export \"run\") nop) (func nop))").unwrap();
        assert_eq!(without_unused(&program).unwrap(), None);
        assert!(without_unused(b"not a module").is_err());
    }
}
