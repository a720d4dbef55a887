//! Accepts connections, plain or TLS, and serves HTTP on them.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::request_line::RequestLineEncoder;
use super::resettable_stream::{ResetFlag, ResettableStream};
use super::respond::Abort;
use crate::http::body::RequestComplete;

/// A bound socket.
#[derive(Debug)]
pub struct Listener(TcpListener);

impl Listener {
    /// Binds `address`; port 0 picks a free port.
    ///
    /// # Errors
    /// The error of the operating system.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        TcpListener::bind(address).await.map(Self)
    }

    /// The bound address.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Serves `app` forever, over TLS if there is an acceptor.
pub async fn serve(listener: Listener, app: Router, tls: Option<TlsAcceptor>) {
    loop {
        // A failed accept concerns one client only, or is temporary.
        let Ok((stream, peer)) = listener.0.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let (app, tls) = (app.clone(), tls.clone());
        tokio::spawn(async move { handle_connection(stream, peer, app, tls).await });
    }
}

async fn handle_connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    tls: Option<TlsAcceptor>,
) {
    // Send small answers at once, without waiting for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let reset = ResetFlag::default();
    let stream = ResettableStream { stream, reset: reset.clone() };
    match tls {
        None => serve_http(stream, peer, app, reset).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve_http(stream, peer, app, reset).await;
            }
        }
    }
}

async fn serve_http<S>(stream: S, peer: SocketAddr, app: Router, reset: ResetFlag)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let complete = RequestComplete::default();
    let stream = TokioIo::new(RequestLineEncoder::new(stream, complete.clone()));
    let app = TowerToHyperService::new(app);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        if request.body().is_end_stream() {
            complete.set();
        }
        request.extensions_mut().insert(complete.clone());
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.call(request);
        let reset = reset.clone();
        async move {
            let Ok(response) = answer.await;
            match response.extensions().get::<Abort>() {
                Some(abort) => {
                    if *abort == Abort::Reset {
                        reset.set();
                    }
                    Err(io::Error::from(io::ErrorKind::ConnectionAborted))
                }
                None => Ok(response),
            }
        }
    });
    // An error means that the client left or that a fault ended the connection.
    let _ = http1::Builder::new().serve_connection(stream, service).await;
}
