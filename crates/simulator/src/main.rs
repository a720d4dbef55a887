//! Runs the simulator until the process ends.

use std::error::Error;
use std::process::ExitCode;

use bigiq_simulator::options::Options;
use bigiq_simulator::server::listener::{Listener, serve};
use bigiq_simulator::server::router::router;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bigiq-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let simulator = options.simulator()?;
    let site = options.site()?;
    let identity = options.identity()?;
    let listener = Listener::bind(options.listen).await?;
    let scheme = if identity.is_some() { "https" } else { "http" };
    // Scripts wait for this line.
    println!("bigiq-simulator: listening on {scheme}://{}/", listener.address()?);
    serve(listener, router(simulator, site), identity.map(|identity| identity.acceptor())).await;
    Ok(())
}
