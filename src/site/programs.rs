//! Programs in WebAssembly as they are shipped: without what is never executed, in an order in which they compress, and the page's, which comes in
//! parts, under a name that no other version has.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    BinaryReaderError, CodeSectionReader, CustomSectionReader, FunctionSectionReader, Parser, Payload, TypeRef,
    Validator,
};

use super::files::{PAGE, build_id, list};
use super::unused::without_unused;

/// The folder of the page's program in the site that trunk has put together.
const PAGE_PROGRAM: &str = "page";

/// Makes all programs in the site's folder smaller.
///
/// # Errors
/// Where a file cannot be read or written, is not a module of WebAssembly, or is an engine of which nothing is found that can be left out.
pub fn shrink_all(site: &Path) -> io::Result<()> {
    for (folder, has_kernels) in [(site.to_owned(), true), (site.join(PAGE_PROGRAM), false)] {
        for path in files(&folder)? {
            if path.extension().is_some_and(|extension| extension == "wasm") {
                let smaller = smaller(&fs::read(&path)?, has_kernels);
                fs::write(&path, smaller.map_err(|error| io::Error::other(format!("{}: {error:#}", path.display())))?)?;
            }
        }
    }
    Ok(())
}

fn smaller(program: &[u8], has_kernels: bool) -> walrus::Result<Vec<u8>> {
    if !has_kernels {
        return reordered(program);
    }
    let used = without_unused(program)?;
    reordered(&used.ok_or_else(|| io::Error::other("no function that is never executed is known by its name"))?)
}

/// Puts a hash of the page's program into the name of its folder, and into the page that names it: its parts are of one version also where a page
/// stays open while the site is replaced by another.
///
/// # Errors
/// Where a file cannot be read or written, or the page does not name the folder.
pub fn name_by_hash(site: &Path) -> io::Result<()> {
    let name = format!("{PAGE_PROGRAM}-{}", build_id(&list(&site.join(PAGE_PROGRAM))?));
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
/// stand beside each other, by type and then by length. Custom sections, which no engine needs, are left out.
///
/// # Errors
/// Where the bytes are not a module of WebAssembly.
pub fn reordered(program: &[u8]) -> walrus::Result<Vec<u8>> {
    Validator::new().validate_all(program)?;
    let mut module = Module::new();
    FunctionOrder::of(program)?.parse_core_module(&mut module, Parser::new(0), program)?;
    let reordered = module.finish();
    Validator::new().validate_all(&reordered)?;
    Ok(reordered)
}

/// Another order of a module's own functions. Those that it imports keep their indices, which come first.
struct FunctionOrder {
    imported: u32,
    /// By the new place, the old one.
    old: Vec<usize>,
    /// By the old place, the new one.
    new: Vec<u32>,
}

impl FunctionOrder {
    fn of(program: &[u8]) -> Result<Self, BinaryReaderError> {
        let (mut imported, mut types, mut lengths) = (0, Vec::<u32>::new(), Vec::new());
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
        old.sort_by_key(|&function| (types[function], lengths[function]));
        let mut new = vec![0; old.len()];
        for (place, &function) in (0..).zip(&old) {
            new[function] = place;
        }
        Ok(FunctionOrder { imported, old, new })
    }
}

impl Reencode for FunctionOrder {
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
        for place in 0..self.old.len() {
            self.parse_function_body(to, bodies[self.old[place]].clone())?;
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

    /// A module with a function from elsewhere, 0, and three of its own, and what names the first of them, the second and the third.
    fn module(functions: [&str; 3], first: u32, second: u32, third: u32, custom: &str) -> Vec<u8> {
        let functions = functions.map(|function| format!("(func {function})")).concat();
        let text = format!(
            "(module (type (func)) (type (func (param i32)))
                (import \"js\" \"imported\" (func (type 0))) {functions} (table 2 funcref)
                (global funcref (ref.func {first})) (export \"exported\" (func {third})) (start {first})
                (elem (i32.const 0) func {second} {third}) (elem declare funcref (ref.func {first})) {custom})"
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn what_names_a_function_names_the_same_one_in_its_new_place() {
        // By type, and then from the shortest to the longest, what was 1, 2 and 3 is 2, 3 and 1.
        let [long, other_type, short] = ["(type 0) nop nop nop i32.const 7 call {}", "(type 1)", "(type 0) call 0"];
        let program = module([&long.replace("{}", "2"), other_type, short], 1, 2, 3, "(@custom \"producers\" \"\")");
        let expected = module([short, &long.replace("{}", "3"), other_type], 2, 3, 1, "");
        assert_eq!(reordered(&program).unwrap(), expected);
        assert_eq!(reordered(&expected).unwrap(), expected, "one in order stays as it is");
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(reordered(b"not a module").is_err());
    }

    #[test]
    fn the_folder_of_a_program_is_named_by_what_is_in_it() {
        let site = std::env::temp_dir().join(format!("bottleneck-{}-programs", std::process::id()));
        let named = |part: &str, page: &str| {
            _ = fs::remove_dir_all(&site);
            fs::create_dir_all(site.join(PAGE_PROGRAM)).unwrap();
            fs::write(site.join(PAGE_PROGRAM).join("part.wasm"), part).unwrap();
            fs::write(site.join(PAGE), page).unwrap();
            name_by_hash(&site).map(|()| fs::read_to_string(site.join(PAGE)).unwrap())
        };
        let page = named("a", "./page/app.js ./page/parts.js").unwrap();
        let folder = page.strip_prefix("./").and_then(|page| page.split('/').next()).unwrap().to_owned();
        assert_eq!(page, format!("./{folder}/app.js ./{folder}/parts.js"));
        assert!(site.join(&folder).join("part.wasm").is_file());
        assert_ne!(named("b", "./page/app.js ./page/parts.js").unwrap(), page);
        assert!(named("a", "no folder").is_err());
        fs::remove_dir_all(&site).unwrap();
    }
}
