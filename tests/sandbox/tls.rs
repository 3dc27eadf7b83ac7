//! TLS with a private certificate authority that lives as long as the sandbox.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What a server's certificate says.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    /// The hosts that it is for.
    pub(crate) names: Vec<String>,
    /// It ended years ago.
    pub(crate) is_over: bool,
}

impl Default for Certificate {
    fn default() -> Self {
        Self {
            names: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            is_over: false,
        }
    }
}

/// The server's side of TLS, and the certificate of the CA that clients must be given.
pub(crate) fn private(certificate: &Certificate) -> (TlsAcceptor, String) {
    let key = KeyPair::generate().expect("keys can be made");
    let mut ca = CertificateParams::new(Vec::new()).expect("no names, no wrong ones");
    let name = format!("Sandbox CA of {}", certificate.names.join(", "));
    ca.distinguished_name.push(DnType::CommonName, name);
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = ca.self_signed(&key).expect("the parameters are complete");
    let issuer = Issuer::new(ca, key);

    let key = KeyPair::generate().expect("keys can be made");
    let names = certificate.names.clone();
    let mut server = CertificateParams::new(names).expect("valid names");
    if certificate.is_over {
        server.not_before = date_time_ymd(2001, 1, 1);
        server.not_after = date_time_ymd(2002, 1, 1);
    }
    let certificate = server
        .signed_by(&key, &issuer)
        .expect("the parameters are complete");
    let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("the key is the certificate's");
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
