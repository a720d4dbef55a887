//! Generates certificates at start: an authority and a server certificate, valid or invalid in ways
//! that a proxy must notice.

use std::path::Path;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Names and addresses of the valid certificate.
const NAMES: [&str; 4] = ["localhost", "bigiq.example.test", "127.0.0.1", "::1"];

/// The kind of server certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CertificateKind {
    /// Valid: names in the subject alternative name
    San,
    /// Name only in the common name, as in certificates that appliances ship with
    CnOnly,
    /// Expired
    Expired,
}

/// Certificates and keys as PEM, and the TLS configuration.
pub struct Identity {
    /// The authority's certificate.
    pub authority_pem: String,
    /// The server's certificate.
    pub certificate_pem: String,
    /// The server's key.
    pub key_pem: String,
    acceptor: TlsAcceptor,
}

impl std::fmt::Debug for Identity {
    // Without the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Generates an authority and a server certificate.
    ///
    /// # Errors
    /// The reason, when the system has no random numbers.
    pub fn generate(kind: CertificateKind) -> Result<Self, Box<dyn std::error::Error>> {
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.distinguished_name.push(DnType::CommonName, "bigiq-simulator test authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate()?;
        let names = match kind {
            CertificateKind::San | CertificateKind::Expired => NAMES.map(str::to_owned).to_vec(),
            CertificateKind::CnOnly => Vec::new(),
        };
        let mut server = CertificateParams::new(names)?;
        server.distinguished_name.push(DnType::CommonName, "localhost");
        // Strict clients require this in every certificate (RFC 5280).
        server.use_authority_key_identifier_extension = true;
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        server.not_before = date_time_ymd(2020, 1, 1);
        let last_year = if kind == CertificateKind::Expired { 2021 } else { 2099 };
        server.not_after = date_time_ymd(last_year, 1, 1);
        let certificate = server.signed_by(&key, &issuer)?;

        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)?;
        Ok(Self {
            authority_pem,
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// The acceptor for [`crate::server::listener::serve`].
    pub fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Writes `ca.pem`, `cert.pem` and `key.pem` into `folder`, for clients that verify.
    ///
    /// # Errors
    /// The error of the operating system.
    pub fn write_to(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("ca.pem"), &self.authority_pem)?;
        std::fs::write(folder.join("cert.pem"), &self.certificate_pem)?;
        std::fs::write(folder.join("key.pem"), &self.key_pem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;

    #[test]
    fn every_kind_can_be_generated() {
        for kind in [CertificateKind::San, CertificateKind::CnOnly, CertificateKind::Expired] {
            let identity = Identity::generate(kind).unwrap();
            assert!(identity.certificate_pem.starts_with("-----BEGIN CERTIFICATE"));
            assert_ne!(identity.authority_pem, identity.certificate_pem);
            assert!(!format!("{identity:?}").contains("PRIVATE"));
            // The authority key identifier (2.5.29.35), which strict clients require.
            let certificate = CertificateDer::from_pem_slice(identity.certificate_pem.as_bytes());
            let certificate = certificate.unwrap();
            assert!(certificate.windows(5).any(|five| five == [6, 3, 0x55, 0x1d, 0x23]));
        }
    }
}
