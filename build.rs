//! Compresses the playground's files to where the server embeds them from: the built bundle or, if npm has
//! not run, a small page of our own. It never calls npm, so a build needs no network.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

fn main() -> io::Result<()> {
    let source = Path::new("playground");
    println!("cargo::rerun-if-changed=playground/dist");
    println!("cargo::rerun-if-changed=playground/fallback.html");
    println!("cargo::rerun-if-changed=playground/fallback.js");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    let target = out.join("playground");
    let _ = fs::remove_dir_all(&target);
    fs::create_dir_all(&target)?;
    let dist = source.join("dist");
    if dist.join("index.html").exists() {
        return compress_all(&dist, &target);
    }
    println!(
        "cargo::warning=/graphiql will be a small page: run `npm ci --ignore-scripts && npm run build` in playground/ for GraphiQL"
    );
    compress(&source.join("fallback.html"), &target.join("index.html"))?;
    compress(&source.join("fallback.js"), &target.join("fallback.js"))
}

fn compress_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            compress_all(&entry.path(), &target)?;
        } else {
            compress(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn compress(from: &Path, to: &Path) -> io::Result<()> {
    let mut compressed = GzEncoder::new(File::create(to)?, Compression::best());
    io::copy(&mut File::open(from)?, &mut compressed)?;
    compressed.finish()?;
    Ok(())
}
