#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| curfew_fuzz::names(data));
