//! Virtual MFA devices: made with their seed, enabled with two codes, given back.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html>.

use aws_smithy_types::base64;

use super::super::mfa::Device;
use super::super::wire::{Refusal, Xml, constraint, list, refuse, text};
use super::super::world::Kind;
use super::entities::describe;
use super::{Task, done, whole};

impl Task<'_> {
    pub(super) fn device(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "CreateVirtualMFADevice" => self.create_device(),
            "EnableMFADevice" => self.enable(),
            "ResyncMFADevice" => self.resync(),
            "DeactivateMFADevice" => self.deactivate(),
            "DeleteVirtualMFADevice" => self.delete_device(),
            "ListMFADevices" => self.devices_of_user(),
            "ListVirtualMFADevices" => Ok(self.list_devices()),
            "GetMFADevice" => self.get_device(),
            other => {
                let message = format!("Could not find operation {other} for version 2010-05-08");
                Err(refuse(400, "InvalidAction", message))
            }
        }
    }

    fn create_device(mut self) -> Result<Xml, Refusal> {
        self.call.need("VirtualMFADeviceName")?;
        let name = self.call.word("VirtualMFADeviceName", (1, 226), "+=,.@-")?;
        let path = self.path()?;
        let resource = format!("mfa{path}{}", name.unwrap_or_default());
        let serial = self.world.arn("iam", &self.caller.account, &resource);
        if self.account().devices.contains_key(&serial) {
            let message = "MFADevice entity at the same path and name already exists.";
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        let device = Device::new(serial.clone());
        let (seed, qr_code) = (device.seed(), device.qr_code());
        self.world.secrets.push(seed.clone());
        self.account_mut().devices.insert(serial.clone(), device);
        let fields = vec![
            ("SerialNumber", text(serial)),
            ("Base32StringSeed", text(base64::encode(seed))),
            ("QRCodePNG", text(base64::encode(qr_code))),
        ];
        Ok(Xml::Tree(vec![("VirtualMFADevice", Xml::Tree(fields))]))
    }

    fn enable(mut self) -> Result<Xml, Refusal> {
        let (first, second) = self.two_codes()?;
        let user = self.entity(Kind::User)?.name.clone();
        let now = self.world.now();
        let held = self
            .account()
            .devices
            .values()
            .filter(|device| owned(device, &user))
            .count();
        if held >= 8 {
            let message = "Cannot exceed quota for MFADevicesPerUser: 8";
            return Err(refuse(409, "LimitExceeded", message));
        }
        let device = self.found()?;
        if device.owner.is_some() {
            let message = "MFA Device is already in use.";
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        if !device.take_two(&first, &second, now) {
            return Err(wrong_code());
        }
        device.owner = Some((user, now));
        Ok(done())
    }

    fn resync(mut self) -> Result<Xml, Refusal> {
        let (first, second) = self.two_codes()?;
        let now = self.world.now();
        if self.users_device()?.take_two(&first, &second, now) {
            return Ok(done());
        }
        Err(wrong_code())
    }

    fn deactivate(mut self) -> Result<Xml, Refusal> {
        self.users_device()?.owner = None;
        Ok(done())
    }

    fn delete_device(mut self) -> Result<Xml, Refusal> {
        let device = self.found()?;
        if device.owner.is_some() {
            let message = "MFA VirtualDevice in use. Must deactivate first.";
            return Err(refuse(409, "DeleteConflict", message));
        }
        let serial = device.serial.clone();
        self.account_mut().devices.remove(&serial);
        Ok(done())
    }

    fn devices_of_user(&self) -> Result<Xml, Refusal> {
        let user = &self.entity(Kind::User)?.name;
        let devices = self.account().devices.values();
        let own = devices.filter_map(|device| {
            let (owner, since) = device.owner.as_ref()?;
            (owner == user).then(|| {
                Xml::Tree(vec![
                    ("UserName", text(owner)),
                    ("SerialNumber", text(&device.serial)),
                    ("EnableDate", text(since)),
                ])
            })
        });
        Ok(whole(vec![("MFADevices", list(own))]))
    }

    fn list_devices(&self) -> Xml {
        let wanted = self.call.get("AssignmentStatus").unwrap_or("Any");
        let devices = self
            .account()
            .devices
            .values()
            .filter(|device| match wanted {
                "Assigned" => device.owner.is_some(),
                "Unassigned" => device.owner.is_none(),
                _ => true,
            });
        let shown = devices.map(|device| {
            let mut fields = vec![("SerialNumber", text(&device.serial))];
            if let Some((owner, since)) = &device.owner {
                fields.push(("EnableDate", text(since)));
                let user = self.account().entity(Kind::User, owner);
                fields.extend(user.map(|user| ("User", describe(user, false))));
            }
            Xml::Tree(fields)
        });
        whole(vec![("VirtualMFADevices", list(shown))])
    }

    fn get_device(mut self) -> Result<Xml, Refusal> {
        let device = self.found()?;
        let mut fields = vec![("SerialNumber", text(&device.serial))];
        if let Some((owner, since)) = &device.owner {
            fields.extend([("UserName", text(owner)), ("EnableDate", text(since))]);
        }
        Ok(Xml::Tree(fields))
    }

    fn two_codes(&self) -> Result<(String, String), Refusal> {
        let code = |name: &str| {
            let code = self.call.need(name)?;
            if code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()) {
                return Ok(code.to_owned());
            }
            Err(constraint(
                code,
                name,
                "satisfy regular expression pattern: [\\d]{6}",
            ))
        };
        Ok((code("AuthenticationCode1")?, code("AuthenticationCode2")?))
    }

    fn found(&mut self) -> Result<&mut Device, Refusal> {
        let serial = self.call.need("SerialNumber")?;
        let none = || {
            refuse(
                404,
                "NoSuchEntity",
                format!("VirtualMFADevice with serial number {serial} does not exist."),
            )
        };
        self.account_mut().devices.get_mut(serial).ok_or_else(none)
    }

    fn users_device(&mut self) -> Result<&mut Device, Refusal> {
        let user = self.entity(Kind::User)?.name.clone();
        let device = self.found()?;
        if owned(device, &user) {
            return Ok(device);
        }
        let message = format!("MFA device is not enabled for user {user}.");
        Err(refuse(404, "NoSuchEntity", message))
    }
}

fn owned(device: &Device, user: &str) -> bool {
    device
        .owner
        .as_ref()
        .is_some_and(|(owner, _)| owner == user)
}

fn wrong_code() -> Refusal {
    let message = "Authentication code for device is not valid.";
    refuse(403, "InvalidAuthenticationCode", message)
}
