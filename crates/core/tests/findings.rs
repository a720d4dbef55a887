//! Runs the functions that `make fuzz` fuzzes over the files in `fuzz/seeds`, which include earlier findings, and over the
//! specification's samples.

#[cfg(test)]
#[path = "../../../fuzz/src/readers.rs"]
pub mod readers;
#[cfg(test)]
#[path = "../../../fuzz/src/simulator.rs"]
pub mod simulator;

#[cfg(test)]
mod replayed {
    use super::{readers, simulator};
    use std::fs;
    use std::path::Path;

    /// A fuzzed function.
    type Target = fn(&[u8]);

    /// Runs a target over all files of a folder, and over each of them cut off after every byte.
    fn replay(target: Target, folder: &str) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.is_file());
        let run = |path: &Path| {
            let data = fs::read(path).unwrap();
            target(&data);
            (0..data.len().min(600)).for_each(|end| target(&data[..end]));
        };
        files.map(|path| run(&path)).count()
    }

    #[test]
    fn readers_accept_all_seeds() {
        let targets: [(&str, Target); 13] = [
            ("answers", readers::answers),
            ("config", readers::config),
            ("dates", readers::dates),
            ("filter", readers::filter),
            ("links", readers::links),
            ("names", readers::names),
            ("pasted_sessions", readers::pasted_sessions),
            ("pasted_tables", readers::pasted_tables),
            ("pasted_targets", readers::pasted_targets),
            ("pasted_users", readers::pasted_users),
            ("portal", readers::portal),
            ("route", readers::route),
            ("shape", readers::shape),
        ];
        for (name, target) in targets {
            assert!(replay(target, &format!("fuzz/seeds/{name}")) > 0, "{name}");
        }
        for target in [readers::answers, readers::shape] {
            assert!(replay(target, "crates/simulator/tests/fixtures/specification") > 30);
        }
        assert!(replay(readers::answers, "crates/simulator/fixtures") > 1);
    }

    #[test]
    fn the_simulator_answers_all_seeds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/simulator");
        for entry in fs::read_dir(folder).unwrap() {
            simulator::simulator(&fs::read(entry.unwrap().path()).unwrap());
        }
    }
}
