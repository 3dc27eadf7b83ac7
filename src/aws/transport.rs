//! HTTP and TLS for the SDK: whom to trust, and which way to go.

use anyhow::Result;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::error::Failure;
use crate::log::Log;
use crate::plan::Connection;

/// The trusted roots: those of `ca_bundle` alone when it is given, else the system's. None are
/// read for plain HTTP.
pub(super) fn trust_store(connection: &Connection, log: Log) -> Result<TrustStore> {
    if connection.is_plain() {
        return Ok(TrustStore::empty());
    }
    let Some(bundle) = &connection.ca_bundle else {
        return Ok(TrustStore::default());
    };
    let place = format!("{}: {}", bundle.origin, bundle.value.display());
    let pem = std::fs::read(&bundle.value).map_err(|error| {
        Failure::usage(format!("{place}: cannot read the certificates: {error}"))
    })?;
    // Comments between the certificates may be in any encoding.
    let pem = String::from_utf8_lossy(&pem);
    let (mut store, mut good, mut bad) = (TrustStore::empty(), 0, 0);
    for block in certificates(&pem) {
        // The SDK's TLS would panic on one that does not parse.
        let is_good = CertificateDer::from_pem_slice(block.as_bytes())
            .is_ok_and(|certificate| webpki::anchor_from_trusted_cert(&certificate).is_ok());
        if is_good {
            store = store.with_pem_certificate(block);
            good += 1;
        } else {
            bad += 1;
        }
    }
    if good == 0 {
        return Err(
            Failure::usage(format!("{place}: there is no valid PEM certificate in it")).into(),
        );
    }
    if bad > 0 {
        log.step(|| format!("{place}: {bad} certificates are not valid, and ignored"));
    }
    Ok(store)
}

/// The PEM blocks of certificates in a bundle.
fn certificates(pem: &str) -> impl Iterator<Item = &str> {
    const END: &str = "-----END CERTIFICATE-----";
    pem.split_inclusive(END)
        .filter_map(|part| {
            part.rfind("-----BEGIN CERTIFICATE-----")
                .map(|start| &part[start..])
        })
        .filter(|block| block.ends_with(END))
}

/// An HTTP client with TLS by ring. The proxy of the environment is for AWS's services, not for
/// the link-local ones of instances and containers.
pub(super) fn client(trust_store: TrustStore, is_proxied: bool) -> SharedHttpClient {
    let context = TlsContext::builder()
        .with_trust_store(trust_store)
        .build()
        .expect("a trust store is all it takes");
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder();
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        if is_proxied {
            builder.set_proxy_config(Some(ProxyConfig::from_env()));
        }
        builder
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone())
            .build()
    })
}
