//! Virtual MFA devices: six digits by RFC 6238, good one window (30 seconds) before and after their own, once.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html>

use std::collections::BTreeSet;

use jiff::Timestamp;
use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Builder, Secret, Totp};

use super::world::{BASE64, random};

const WINDOW: i64 = 30;

/// A device, and the windows whose codes it has used up.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) serial: String,
    /// The user that it belongs to, and since when.
    pub(crate) owner: Option<(String, Timestamp)>,
    seed: Vec<u8>,
    used: BTreeSet<i64>,
}

impl Device {
    /// A device that belongs to nobody yet.
    pub(crate) fn new(serial: String) -> Device {
        Device {
            serial,
            owner: None,
            seed: random(20, BASE64).into_bytes(),
            used: BTreeSet::new(),
        }
    }

    /// The seed, as it is typed into an authenticator.
    pub(crate) fn seed(&self) -> String {
        Secret::from(self.seed.clone()).to_base32()
    }

    /// The QR code that authenticators scan, a PNG.
    pub(crate) fn qr_code(&self) -> Vec<u8> {
        let account = self.serial.rsplit('/').next().unwrap_or_default();
        let issuer = "Amazon%20Web%20Services";
        let seed = self.seed();
        let url = format!("otpauth://totp/{issuer}:{account}?secret={seed}&issuer={issuer}");
        let code = QrCode::encode_text(&url, QrCodeEcc::Low).expect("the URL is short");
        let (dot, border) = (4, 4);
        let side = (code.size() + 2 * border) * dot;
        let light = |x: i32, y: i32| !code.get_module(x / dot - border, y / dot - border);
        let dots = (0..side).flat_map(|y| (0..side).map(move |x| u8::from(light(x, y)) * 255));
        let (dots, side) = (dots.collect::<Vec<u8>>(), side.unsigned_abs());
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        let written = encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&dots));
        written.expect("writing to memory does not fail");
        picture
    }

    /// The code of the window that is `windows` after the one of this time.
    pub(crate) fn code(&self, time: Timestamp, windows: i64) -> String {
        self.code_of(time.as_second() / WINDOW + windows)
    }

    /// Takes a code of this time, once.
    pub(crate) fn take(&mut self, code: &str, time: Timestamp) -> bool {
        let window = time.as_second() / WINDOW;
        let found = (window - 1..=window + 1)
            .find(|window| !self.used.contains(window) && self.code_of(*window) == code);
        found.is_some_and(|window| self.used.insert(window))
    }

    /// Takes two codes that follow each other, the second of them of about now. Like AWS, which lets a device's clock be
    /// somewhat wrong when it is enabled, this looks back further than at the codes of a call: whoever reads the codes of
    /// the two windows before may need until the next one to send them.
    pub(crate) fn take_two(&mut self, first: &str, second: &str, time: Timestamp) -> bool {
        let now = time.as_second() / WINDOW;
        let found = (now - 3..=now + 1)
            .find(|window| self.code_of(*window) == first && self.code_of(*window + 1) == second);
        found.is_some_and(|window| self.used.insert(window) && self.used.insert(window + 1))
    }

    fn code_of(&self, window: i64) -> String {
        let totp: Totp = Builder::new()
            .with_secret(self.seed.clone())
            .build()
            .expect("20 bytes are long enough");
        let time = u64::try_from(window * WINDOW).unwrap_or_default();
        totp.generate(time).to_string()
    }
}
