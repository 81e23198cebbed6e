//! Programs in WebAssembly as they are shipped: in an order in which they compress, and the page's, which comes in parts, under a name that
//! no other version has.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    BinaryReaderError, CodeSectionReader, CustomSectionReader, FunctionSectionReader, Parser, Payload, TypeRef,
};

use super::files::PAGE;

/// The folder of the page's program in the site that trunk has put together.
const PAGE_PROGRAM: &str = "page";

/// Orders the functions of all programs in the site's folder.
///
/// # Errors
/// Where a file cannot be read or written, or is not a module of WebAssembly.
pub fn order_all(site: &Path) -> io::Result<()> {
    for folder in [site.to_owned(), site.join(PAGE_PROGRAM)] {
        for path in files(&folder)? {
            if path.extension().is_some_and(|extension| extension == "wasm") {
                let program = ordered(&fs::read(&path)?);
                fs::write(&path, program.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?)?;
            }
        }
    }
    Ok(())
}

/// Puts the version of the page's program into the name of its folder, and into the page that names it: its parts are of one version also where
/// a page stays open while the site is replaced by another.
///
/// # Errors
/// Where a file cannot be read or written, or the page does not name the folder.
pub fn name_by_version(site: &Path) -> io::Result<()> {
    let mut digest = Sha256::new();
    for path in files(&site.join(PAGE_PROGRAM))? {
        digest.update(fs::read(path)?);
    }
    let version: String = digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let name = format!("{PAGE_PROGRAM}-{version}");
    let page = fs::read_to_string(site.join(PAGE))?;
    let named = page.replace(&format!("./{PAGE_PROGRAM}/"), &format!("./{name}/"));
    if named == page {
        return Err(io::Error::other(format!("{PAGE} does not name ./{PAGE_PROGRAM}/")));
    }
    fs::write(site.join(PAGE), named)?;
    fs::rename(site.join(PAGE_PROGRAM), site.join(name))
}

/// The files in a folder, in order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).filter(|path| path.is_file()).collect();
    paths.sort();
    Ok(paths)
}

/// The same program, smaller once it is compressed: gzip finds again what was there within the last 32 kB, so functions that are alike
/// stand beside each other, by type and then by length. Custom sections, which are for debuggers, are left out.
///
/// # Errors
/// Where the bytes are not a module of WebAssembly.
pub fn ordered(program: &[u8]) -> Result<Vec<u8>, Error> {
    let mut module = Module::new();
    Order::of(program)?.parse_core_module(&mut module, Parser::new(0), program)?;
    Ok(module.finish())
}

/// Another order of a module's own functions. Those that it imports come before them in any order.
struct Order {
    imported: u32,
    /// By the new place, the old one.
    old: Vec<usize>,
    /// By the old place, the new one.
    new: Vec<u32>,
}

impl Order {
    fn of(program: &[u8]) -> Result<Self, BinaryReaderError> {
        let (mut imported, mut types, mut lengths) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::FunctionSection(functions) => types = functions.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => lengths.push(body.range().end - body.range().start),
                _ => {}
            }
        }
        let mut old: Vec<usize> = (0..lengths.len()).collect();
        old.sort_by_key(|&function| (types.get(function), lengths[function]));
        let mut new = vec![0; old.len()];
        for (place, &function) in (0..).zip(&old) {
            new[function] = place;
        }
        Ok(Order { imported, old, new })
    }
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = function.checked_sub(self.imported).and_then(|own| self.new.get(own as usize));
        Ok(own.map_or(function, |place| self.imported + place))
    }

    fn parse_function_section(
        &mut self,
        to: &mut FunctionSection,
        from: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = from.into_iter().collect::<Result<Vec<_>, _>>()?;
        for &function in &self.old {
            to.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, to: &mut CodeSection, from: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = from.into_iter().collect::<Result<Vec<_>, _>>()?;
        for function in self.old.clone() {
            self.parse_function_body(to, bodies[function].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _to: &mut Module, _from: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(functions: [&str; 3], exported: u32, table: [u32; 2]) -> Vec<u8> {
        let [first, second, third] = functions;
        let text = format!(
            "(module (import \"js\" \"imported\" (func)) (table 2 funcref) (func {first}) (func {second}) (func {third})
                (export \"exported\" (func {exported})) (elem (i32.const 0) func {} {}))",
            table[0], table[1]
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn what_names_a_function_names_the_same_one_in_its_new_place() {
        // Functions 1, 2 and 3, for the imported one is 0. From the shortest to the longest they are 2, 3 and 1.
        let long = "nop nop nop nop call 3";
        let program = module([long, "", "call 0"], 3, [1, 2]);
        let expected = module(["", "call 0", "nop nop nop nop call 2"], 2, [3, 1]);
        assert_eq!(ordered(&program).unwrap(), expected);
        assert_eq!(ordered(&expected).unwrap(), expected, "one in order stays as it is");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(ordered(b"not a module").is_err());
    }
}
